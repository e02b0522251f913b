/** What does not work because of the library itself, by library and case. */
export const faultsOfSdks: Record<string, Record<string, string>> = {
  kapso: {
    "template create, get, delete":
      "reads a template at /{waba}/message_templates/{id}, an edge of its own proxy; Graph has templates at /{id}",
  },
  "whatsapp-api-js": {
    "webhook of the account": "takes the metadata of a phone for granted, which events of an account lack",
  },
  "whatsapp-cloud-api": {
    "webhook of the account": "takes a message for granted; the unhandled rejection ends the process",
  },
  "chat-adapter": {
    "webhook image, download":
      "refuses addresses of private networks, as a guard, also at the configured origin that its README allows",
  },
  microfox: {
    "read conversational components":
      "checks its own envelope for the fields of Graph's answer, and so always throws",
    "commerce settings": "asks the WABA; Graph has whatsapp_commerce_settings at the phone",
    "QR code": "asks /{phone}/qr_code; Graph has message_qrdls",
    analytics: "asks /{phone}/insights; Graph has the field analytics of the WABA",
  },
  "meta-whatsapp": {
    "webhook message":
      "joins the parts of a body as text and hands them to Buffer.concat, which throws for every event",
  },
};
