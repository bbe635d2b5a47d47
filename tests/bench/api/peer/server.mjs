// PostGraphile 5 in production on Cordée's own tables, role and policies. It is told by a map from
// token to tenant and member who asks (it looks up no token), and signs the context as we do.
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";

const { PEER_DATABASE_URL, PEER_KEY, PEER_PORT, PEER_CALLERS, PEER_POOL } = process.env;
const key = Buffer.from(PEER_KEY, "hex");
const callers = new Map(Object.entries(JSON.parse(readFileSync(PEER_CALLERS, "utf8"))));

function signed(token) {
  const caller = callers.get(token);
  if (!caller) return {};
  const expiry = Math.floor(Date.now() / 1000) + 60;
  const message = `${caller.tenant}|${caller.member}|case_management|${expiry}|k1`;
  const digest = createHmac("sha256", key).update(message).digest("hex");
  return { "cordee.context": `${message}|${digest}` };
}

const port = Number(PEER_PORT);
const preset = {
  extends: [PostGraphileAmberPreset],
  pgServices: [
    makePgService({
      connectionString: PEER_DATABASE_URL,
      schemas: ["core"],
      poolConfig: { max: Number(PEER_POOL ?? 10) },
    }),
  ],
  schema: { defaultBehavior: "+list +connection +resource:list +orderBy", dontSwallowErrors: true },
  grafserv: {
    port, host: "127.0.0.1", graphqlPath: "/graphql", watch: false, graphiql: false,
    maxRequestLength: 1_000_000,
  },
  grafast: {
    explain: false,
    context: (request) => {
      const authorization = request.node?.req?.headers?.authorization ?? "";
      return { pgSettings: signed(authorization.slice("Bearer ".length)) };
    },
  },
};
const server = createServer();
server.on("error", (error) => { console.error(error); process.exit(1); });
await postgraphile(preset).createServ(grafserv).addTo(server);
server.listen(port, "127.0.0.1", () => console.log("ready"));
