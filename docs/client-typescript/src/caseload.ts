// A caseload, a page at a time.
import { there, type Cordee } from "./client.js";
import { graphql } from "./generated/gql.js";
import type { CaseloadQuery } from "./generated/graphql.js";

const Caseload = graphql(/* GraphQL */ `
  query Caseload($referent: ID!, $first: Int!, $after: String) {
    cases(first: $first, after: $after, filter: { referentId: $referent }) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        number
        stage
        openedAt
        person {
          familyName
          givenNames
          safeContact
        }
        programme {
          title
        }
        timeline(last: 1) {
          nodes {
            text
          }
        }
      }
    }
  }
`);

export type CaseloadPage = NonNullable<CaseloadQuery["cases"]>;

/** The pages of a referent's caseload, newest case first; the next one is asked for when needed. */
export async function* caseload(
  client: Cordee,
  referent: string,
  size: number,
): AsyncGenerator<CaseloadPage> {
  let after: string | null = null;
  for (;;) {
    const found: CaseloadQuery = await client.query(Caseload, { referent, first: size, after });
    const page = there(found.cases, "cases");
    yield page;
    if (!page.pageInfo.hasNextPage) return;
    after = there(page.pageInfo.endCursor, "endCursor");
  }
}
