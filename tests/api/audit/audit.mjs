// Runs every audit of GraphQL over HTTP against the address given and prints the results as JSON.
import { serverAudits } from "graphql-http";

const audits = serverAudits({ url: process.argv[2] });
const results = [];
for (const audit of audits) {
  const result = await audit.fn();
  results.push({ id: audit.id, name: audit.name, status: result.status, reason: result.reason ?? null });
}
console.log(JSON.stringify(results));
process.exit(0);
