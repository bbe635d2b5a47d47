// Opens GraphiQL as a person would, puts a token into the Headers tab, runs a query and prints, as
// JSON, what was loaded, what failed and what was answered.
import { chromium } from "playwright-core";

const [address, token, browserPath, picture] = process.argv.slice(2);
const own = new URL(address).origin;
const browser = await chromium.launch({
  executablePath: browserPath,
  args: ["--no-sandbox", "--disable-background-networking"],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
const requests = [];
const problems = [];
page.on("request", (one) => requests.push({ method: one.method(), url: one.url() }));
page.on("response", (one) => one.status() >= 400 && problems.push(`${one.status()} ${one.url()}`));
page.on("requestfailed", (one) => problems.push(`${one.failure()?.errorText} ${one.url()}`));
page.on("pageerror", (error) => problems.push(`script: ${error.message}`));
page.on("console", (one) => one.type() === "error" && problems.push(`console: ${one.text()}`));

const type = (selector, text) =>
  page.evaluate(
    ([where, value]) => document.querySelector(where).CodeMirror.setValue(value),
    [selector, text],
  );

await page.goto(address, { waitUntil: "networkidle" });
await page.waitForSelector(".graphiql-query-editor .CodeMirror");
const onOpening = [...problems];
problems.length = 0;
await type(
  ".graphiql-editor-tool .graphiql-editor:not(.hidden) .CodeMirror",
  JSON.stringify({ Authorization: `Bearer ${token}` }),
);
await type(
  ".graphiql-query-editor .CodeMirror",
  "{ cases(first: 2) { totalCount nodes { number stage person { familyName } } } }",
);
await page.waitForTimeout(500);
const answered = page.waitForResponse((one) => one.request().postData()?.includes("cases(first"));
await page.click(".graphiql-execute-button");
const answer = await (await answered).json();
await page.waitForFunction(() =>
  document.querySelector(".result-window .CodeMirror").CodeMirror.getValue().includes("cases"),
);
await page.click('[aria-label="Show Documentation Explorer"]');
await page.waitForTimeout(1000);
const explorer = await page.innerText(".graphiql-plugin").catch(() => "");
await page.screenshot({ path: picture });
const external = requests.map((one) => one.url).filter((url) => !url.startsWith(own));
console.log(JSON.stringify({ requests, external, onOpening, problems, answer, explorer }));
await browser.close();
