import { readFileSync } from "node:fs";
import { Hono } from "hono";

const FILES = {
  "phone.css": "text/css",
  "phone-thread.css": "text/css",
  "phone.js": "text/javascript",
  "phone-bubbles.js": "text/javascript",
  "phone-sends.js": "text/javascript",
  "phone-request.js": "text/javascript",
} as const;

const POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; frame-ancestors 'none'";

/** The customer's phone: a page that plays the customers of the simulator. */
export function phonePage(): Hono {
  const app = new Hono();
  app.get("/", (c) => c.html(read("phone.html"), 200, { "content-security-policy": POLICY }));
  for (const [name, type] of Object.entries(FILES))
    app.get(`/phone/${name}`, (c) => c.body(read(name), 200, { "content-type": `${type}; charset=utf-8` }));
  return app;
}

function read(name: string): string {
  return readFileSync(new URL(`./${name}`, import.meta.url), "utf8");
}
