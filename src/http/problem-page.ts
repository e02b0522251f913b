import { html } from "hono/html";
import { problemCodes, problems } from "../errors.ts";
import { problemTexts } from "./problem-texts.ts";
import { newRouter } from "./router.ts";

/** The page has no script, and its only other file is the stylesheet in the assets: without them it is plain, but readable. */
const POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Mounted at the root, without a token: what the `type` of each problem document leads to, a section per code. */
export const problemPageRoutes = newRouter();

problemPageRoutes.get("/docs/problems", async (c) => {
  c.header("content-security-policy", POLICY);
  c.header("referrer-policy", "no-referrer");
  return await c.html(page());
});

const page = () => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Problem codes: WABA Edge API</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/problems.css">
</head>
<body>
<main>
<h1>Problem codes</h1>
<p>Every refusal of the <a href="/docs">API</a> is a problem document (RFC 9457) with one of these codes.</p>
<nav aria-label="Codes"><ul>
${problemCodes.map((code) => html`<li><a href="#${code}"><code>${code}</code></a></li>\n`)}</ul></nav>
${problemCodes.map(section)}</main>
</body>
</html>
`;

function section(code: (typeof problemCodes)[number]) {
  const { title, status, retryable } = problems[code];
  const { when, fix } = problemTexts[code];
  return html`<section id="${code}">
<h2>${title}</h2>
<p><code>${code}</code>, HTTP status ${status}. ${
    retryable ? "The same request may succeed later." : "The same request will not succeed by being repeated."
  }</p>
<h3>What happened</h3>
<p>${withCode(when)}</p>
<h3>What to do</h3>
<p>${withCode(fix)}</p>
</section>
`;
}

/** Text with `code` between backticks, as markup. */
function withCode(text: string) {
  return text.split("`").map((part, i) => (i % 2 === 0 ? part : html`<code>${part}</code>`));
}
