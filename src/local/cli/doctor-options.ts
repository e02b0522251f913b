import { parseArgs } from "node:util";
import { type CheckId, checkIds } from "../../domain/check.ts";
import { languages } from "../../domain/check-text.ts";
import { LOCAL_PORTS } from "../dev-vars.ts";

export const USAGE = `Checks a connected number, part by part, and says what is wrong and how to fix it.

  npm run doctor                                     the local Worker, every number
  npm run doctor -- --phone 1 --url https://…        a deployed Worker; an admin's token from WABA_DOCTOR_JWT, or asked for
  npm run doctor -- --new                            asks for the values of a new number, checks and saves them
  npm run doctor -- --phone 1 --wait 120             waits for a message to the number (C13)
  npm run doctor -- --phone 1 --to +79160000001      sends a test message and follows it (C14)

  --only C05,C12   these checks, and those that they need
  --fix            subscribes the app (C12); registers the number with a PIN, or confirms it with a code, that you type (C06)
  --lang ru        texts in Russian        --json    for programs
  --strict         exit 2 for warnings     --org 1   the organization, with local mode's own token

Exit codes: 0 fine, 1 failures, 2 warnings under --strict, 3 could not run.`;

/** Could not run: nothing is known of the number. */
export class CannotRun extends Error {
  override readonly name = "CannotRun";
}

export type Options = ReturnType<typeof readOptions>;

/** Throws `CannotRun`, which names the wrong argument. */
export function readOptions(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      phone: { type: "string" },
      new: { type: "boolean", default: false },
      only: { type: "string" },
      fix: { type: "boolean", default: false },
      wait: { type: "string" },
      to: { type: "string" },
      json: { type: "boolean", default: false },
      lang: { type: "string", default: "en" },
      strict: { type: "boolean", default: false },
      url: { type: "string", default: `http://127.0.0.1:${LOCAL_PORTS.worker}` },
      org: { type: "string", default: "1" },
      help: { type: "boolean", default: false },
    },
  });
  const { phone, wait, only } = values;
  if (phone !== undefined && !/^[1-9]\d{0,8}$/.test(phone))
    throw new CannotRun("--phone must be the id of a number, such as 1.");
  if (wait !== undefined && !(/^\d{1,3}$/.test(wait) && Number(wait) >= 1 && Number(wait) <= 600))
    throw new CannotRun("--wait must be 1 to 600 seconds.");
  const lang = languages.find((one) => one === values.lang);
  if (!lang) throw new CannotRun("--lang must be en or ru.");
  if (!URL.parse(values.url)?.protocol.startsWith("http"))
    throw new CannotRun("--url must be the Worker's address, such as https://waba.example.com.");
  return {
    phone: phone === undefined ? null : Number(phone),
    wait: wait === undefined ? null : Number(wait),
    only: only === undefined ? null : only.split(",").map(toCheckId),
    to: values.to ?? null,
    lang,
    // Whoever copies the webhook's address means the Worker.
    url: values.url.replace(/\/+$/, "").replace(/\/api\/waba(\/webhook)?$/, ""),
    org: values.org,
    isNew: values.new,
    isFixing: values.fix,
    isJson: values.json,
    isStrict: values.strict,
  };
}

function toCheckId(text: string): CheckId {
  const id = checkIds.find((one) => one === text.trim().toUpperCase());
  if (!id) throw new CannotRun(`--only takes ids from C01 to C15, with commas between; "${text}" is none.`);
  return id;
}
