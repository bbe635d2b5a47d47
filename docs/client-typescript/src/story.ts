// The story of the README, through types: node build/story.js http://127.0.0.1:8000/graphql
import { caseload } from "./caseload.js";
import { Cordee } from "./client.js";
import { enable, join, signUp, startProgramme } from "./organisation.js";
import { look, refer, timeline } from "./referral.js";
import {
  admit, ask, assess, beginAssessment, consent, designate, evaluate, open, register,
} from "./support.js";

const HOUSING = "housing";
const PAGE = 2;

function tell(step: string, found: unknown): void {
  console.log(`${step}: ${typeof found === "string" ? found : JSON.stringify(found)}`);
}

function slug(name: string): string {
  return `${name}-${crypto.randomUUID().slice(0, 8)}`;
}

async function begin(address: string) {
  const name = slug("lanterne");
  const { admin, tenant } = await signUp(new Cordee(address), "La Lanterne", name);
  tell("tenant", tenant);
  const referent = await join(admin, "Inès Garnier", `ines@${name}.example`, "REFERENT");
  const supervisor = await join(admin, "Sacha Lambert", `sacha@${name}.example`, "SUPERVISOR");
  tell("members", [referent.member.displayName, supervisor.member.displayName]);
  await enable(admin, HOUSING);
  const { programme, refused } = await startProgramme(admin, "housing.support_to_housing");
  tell("refused", refused.refusals.map((one) => one.code));
  tell("programme", `${programme.title} ${programme.status} ${programme.version}`);
  return { referent, supervisor, programme };
}

async function support(address: string) {
  const { referent, supervisor, programme } = await begin(address);
  const { client } = referent;
  const person = await register(client, "Étoile", "Nour");
  const opened = await open(client, person.id, programme.id);
  tell("case", `${opened.number} ${opened.stage}`);
  tell("objections", opened.transitions.map((one) => `${one.stage} ${one.objections.length}`));
  tell("selection", (await admit(client, opened.id)).outcome);
  const informed = await consent(client, opened.id);
  const led = await designate(supervisor.client, informed, referent.member.id);
  tell("referent", led.referent?.displayName);
  tell("stage", (await beginAssessment(client, led)).stage);
  for (const [instrument, answers] of [
    ["housing.ethos_light", { living_situation: "hostel" }],
    ["housing.ssm", { housing: 1, employment: 4, income: 4 }],
  ] as const) {
    const { title, scores } = await assess(client, opened.id, instrument, answers);
    tell(title, scores);
  }
  const groups = ["dependent_child"];
  const asked = await ask(client, "housing.uk_homeless_duty", { groups });
  tell("to ask", asked.ask.map((one) => one.fact));
  const facts = { days_until_homeless: 30, eligible_person: true, groups };
  const result = await evaluate(client, opened.id, "housing.uk_homeless_duty", facts);
  tell("eligibility", `${result.outcome} because ${result.because[0]?.source.citation}`);
  const referral = await refer(client, opened.id, "housing.115_siao");
  tell("referral", referral.states);
  for (const entry of await timeline(client, opened.id, HOUSING)) {
    tell(`timeline ${entry.seq}`, `${entry.text}${entry.plugin ? ` [${entry.plugin}]` : ""}`);
  }
  return { referent, supervisor, programme, ids: [opened.id, person.id, referral.id] as const };
}

async function main(address: string): Promise<void> {
  const { referent, supervisor, programme, ids } = await support(address);
  for (const familyName of ["Brume", "Cascade", "Dune", "Écume"]) {
    const person = await register(referent.client, familyName, "Lou");
    const opened = await open(referent.client, person.id, programme.id);
    await designate(supervisor.client, opened, referent.member.id);
  }
  for await (const page of caseload(referent.client, referent.member.id, PAGE)) {
    const rows = page.nodes.map((one) => `${one.number} ${one.person?.familyName} ${one.stage}`);
    tell(`caseload of ${page.totalCount}`, rows.join(", "));
  }
  const name = slug("other");
  const { admin } = await signUp(new Cordee(address), "Other", name);
  const stranger = await join(admin, "Ola", `ola2@${name}.example`, "REFERENT");
  tell("stranger", await look(stranger.client, [...ids]));
}

const [address] = process.argv.slice(2);
if (address === undefined) throw new Error("usage: npm run story -- http://127.0.0.1:8000/graphql");
await main(address);
