import type { Fields } from "./fields.ts";

/** The message templates that every WABA here has; a name in another language does not exist. */
export const templates: Fields[] = [
  {
    id: "594425479261596",
    name: "hello_world",
    language: "en_US",
    status: "APPROVED",
    category: "UTILITY",
    components: [
      { type: "HEADER", format: "TEXT", text: "Hello World" },
      {
        type: "BODY",
        text: "Welcome and congratulations!! This message demonstrates your ability to send a message.",
      },
      { type: "FOOTER", text: "WhatsApp Business Platform sample message" },
    ],
  },
];
