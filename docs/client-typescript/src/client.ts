// A client of Cordée in one file: `fetch`, types made from the schema, errors that carry their code.
import type { ErrorCode, TypedDocumentString } from "./generated/graphql.js";

/** What the input of a mutation caused; nothing was written. */
export interface Refusal {
  code: ErrorCode;
  message: string;
  path: string[];
}

/** One entry of `errors` in an answer. */
export interface AnswerError {
  message: string;
  path?: (string | number)[];
  extensions?: { code?: ErrorCode; requestId?: string };
}

/** The request, or a field of it, was refused. Branch on `code`; show `message`. */
export class CordeeError extends Error {
  readonly code: ErrorCode | undefined;
  readonly requestId: string | undefined;

  constructor(readonly errors: AnswerError[]) {
    super(errors.map((one) => one.message).join(" "));
    this.code = errors[0]?.extensions?.code;
    this.requestId = errors[0]?.extensions?.requestId;
  }
}

/** A mutation changed nothing because of its input. */
export class RefusedError extends Error {
  constructor(readonly refusals: Refusal[]) {
    super(refusals.map((one) => `${one.code}: ${one.message}`).join(" "));
  }
}

interface Answer<Result> {
  data?: Result | null;
  errors?: AnswerError[];
}

export interface Options {
  token?: string;
  language?: "en" | "fr";
}

export class Cordee {
  constructor(
    private readonly address: string,
    private readonly options: Options = {},
  ) {}

  /** The same server for somebody else. */
  as(token: string): Cordee {
    return new Cordee(this.address, { ...this.options, token });
  }

  /** The same server for somebody without a token: sign-up, accepting an invitation. */
  anonymous(): Cordee {
    return new Cordee(this.address, { language: this.options.language ?? "en" });
  }

  /** The whole answer: `data` may hold nulls that `errors` explain. */
  async answer<Result, Variables>(
    document: TypedDocumentString<Result, Variables>,
    variables: Variables,
    headers: Record<string, string> = {},
  ): Promise<Answer<Result>> {
    const response = await this.send(document, variables, headers);
    return (await response.json()) as Answer<Result>;
  }

  /** What a subscription tells, as server-sent events, until it ends or the loop is left. */
  async *follow<Result, Variables>(
    document: TypedDocumentString<Result, Variables>,
    variables: Variables,
  ): AsyncGenerator<Result> {
    const leaving = new AbortController();
    const accept = { Accept: "text/event-stream" };
    const response = await this.send(document, variables, accept, leaving.signal);
    try {
      for await (const data of events(response)) yield whole(JSON.parse(data) as Answer<Result>);
    } finally {
      leaving.abort();
    }
  }

  private send<Result, Variables>(
    document: TypedDocumentString<Result, Variables>,
    variables: Variables,
    headers: Record<string, string>,
    signal?: AbortSignal,
  ): Promise<Response> {
    const { token, language = "en" } = this.options;
    return fetch(this.address, {
      method: "POST",
      headers: {
        Accept: "application/graphql-response+json",
        "Accept-Language": language,
        "Content-Type": "application/json",
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: JSON.stringify({ query: document.toString(), variables }),
      signal: signal ?? null,
    });
  }

  /** Read: all of it, or a `CordeeError`. */
  async query<Result, Variables>(
    document: TypedDocumentString<Result, Variables>,
    variables: Variables,
  ): Promise<Result> {
    return whole(await this.answer(document, variables));
  }

  /**
   * Write: each mutation of the document was done, or a `RefusedError`. The key makes it safe to send
   * the same request again after a lost answer: it is done once.
   */
  async mutate<Result extends object, Variables>(
    document: TypedDocumentString<Result, Variables>,
    variables: Variables,
    key: string = crypto.randomUUID(),
  ): Promise<Result> {
    const data = whole(await this.answer(document, variables, { "Idempotency-Key": key }));
    const refusals = Object.values(data).flatMap(
      (payload: { userErrors?: Refusal[] } | null) => payload?.userErrors ?? [],
    );
    if (refusals.length > 0) throw new RefusedError(refusals);
    return data;
  }
}

/** The data of each event `next`. An event is a few lines and an empty one. */
async function* events(response: Response): AsyncGenerator<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    const parts = text.split("\n\n");
    text = parts.pop() ?? "";
    for (const part of parts) {
      const data = part.split("\n").find((line) => line.startsWith("data: {"));
      if (data !== undefined) yield data.slice("data: ".length);
    }
  }
}

function whole<Result>(answer: Answer<Result>): Result {
  if (answer.errors?.length || !answer.data) throw new CordeeError(answer.errors ?? []);
  return answer.data;
}

/** A field that the schema lets be null because of roles or plugins, and that must be there now. */
export function there<Value>(value: Value | null | undefined, what: string): Value {
  if (value === null || value === undefined) throw new Error(`${what} is missing in the answer`);
  return value;
}
