import { element } from "./phone-request.js";

/** What the phone can send besides a text: a file of the person's, or something ready-made. */
const READY = [
  ["🖼️", "Picture", { type: "image", image: { caption: "Is it this one?" } }],
  ["🎬", "Video", { type: "video", video: {} }],
  ["🔊", "Audio", { type: "audio", audio: {} }],
  ["🌟", "Sticker", { type: "sticker", sticker: {} }],
  [
    "📍",
    "Place",
    {
      type: "location",
      location: {
        latitude: 52.5163,
        longitude: 13.3777,
        name: "Brandenburg Gate",
        address: "Pariser Platz, Berlin",
      },
    },
  ],
  [
    "👤",
    "Contact",
    {
      type: "contacts",
      contacts: [
        {
          name: { formatted_name: "Jo Doe", first_name: "Jo" },
          phones: [{ phone: "+1 555-0100", type: "CELL" }],
        },
      ],
    },
  ],
  [
    "🛒",
    "Order",
    {
      type: "order",
      order: {
        catalog_id: "1234567890",
        text: "Please",
        product_items: [
          { product_retailer_id: "tea-1", quantity: 2, item_price: 4.5, currency: "EUR" },
          { product_retailer_id: "jam-3", quantity: 1, item_price: 3.25, currency: "EUR" },
        ],
      },
    },
  ],
  [
    "❔",
    "Unsupported",
    {
      type: "unsupported",
      errors: [{ code: 131051, title: "Message type unknown" }],
      unsupported: { type: "poll" },
    },
  ],
];

/** Fills the panel of attachments. */
export function showAttachments(panel, write) {
  const upload = element("label");
  const input = element("input");
  input.type = "file";
  input.addEventListener("change", async () => {
    const [file] = input.files;
    input.value = "";
    if (file) await write(await fileMessage(file, file.type, file.name));
  });
  upload.append(element("span", "", "📎"), "Your file", input);
  panel.append(upload);
  for (const [icon, label, message] of READY) {
    const button = element("button");
    button.type = "button";
    button.append(element("span", "", icon), label);
    button.addEventListener("click", () => write(message));
    panel.append(button);
  }
}

/** Starts and ends a recording with the microphone; the recorded note is sent. */
export function voiceRecorder(button, write) {
  let recorder = null;
  button.addEventListener("click", async () => {
    if (recorder) return recorder.stop();
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
    const parts = [];
    recorder = new MediaRecorder(stream);
    recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
    recorder.addEventListener("stop", async () => {
      for (const track of stream.getTracks()) track.stop();
      const mimeType = recorder.mimeType.split(";")[0];
      recorder = null;
      button.classList.remove("recording");
      button.setAttribute("aria-label", "Record a voice message");
      await write(await fileMessage(new Blob(parts, { type: mimeType }), mimeType));
    });
    recorder.start();
    button.classList.add("recording");
    button.setAttribute("aria-label", "Stop and send");
  });
}

async function fileMessage(blob, mimeType, name) {
  const kind = mimeType.split("/")[0];
  const type = ["image", "video", "audio"].includes(kind) ? kind : "document";
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  const named = type === "document" && name ? { filename: name } : {};
  return { type, [type]: { base64, mime_type: mimeType || "application/octet-stream", ...named } };
}
