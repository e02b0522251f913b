import { markdownTable } from "./markdown-table.ts";
import { type Document, operationsOf } from "./openapi.ts";

/** Who may call a route, by the security schemes of the document. */
const WHO: Record<string, string> = {
  bearer: "agent",
  adminBearer: "admin",
  ticket: "ticket",
  signedAddress: "signed address",
  metaSignature: "Meta",
};
const HEAD = ["route", "who", "what"];

/** docs/routes.md: the routes of the OpenAPI document, one table for each collection. */
export function routesPage(document: Document): string {
  const rows = operationsOf(document).map(([route, { security = [], summary = "" }]) => {
    const who = security.flatMap(Object.keys).map((scheme) => WHO[scheme]);
    return [`\`${route}\``, who.join(", ") || "anyone", summary];
  });
  const collections = Map.groupBy(
    rows,
    ([route = ""]) => / \/api\/waba\/([\w-]+)/.exec(route)?.[1] ?? "system",
  );
  const sections = [...collections].map(
    ([name, some]) => `## ${titleOf(name)}\n\n${markdownTable(HEAD, some)}\n`,
  );
  return `# Routes\n\nGenerated from \`/openapi.json\`, which describes every field.\n\n${sections.join("\n")}`;
}

function titleOf(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`.replaceAll("-", " ");
}
