type Json = Record<string, unknown>;

/** The account of phone 1. */
const ACCOUNT = "123456789012345";

const body = (text: string, ...examples: string[]): Json => ({
  type: "BODY",
  text,
  ...(examples.length > 0 && { example: { body_text: [examples] } }),
});

const TEMPLATES: Json[] = [
  {
    name: "order_shipped",
    language: "en_US",
    category: "UTILITY",
    components: [
      body("Hello {{1}}, order {{2}} is on its way and arrives on {{3}}.", "Grace", "A-12345", "Friday"),
      { type: "FOOTER", text: "Reply to this message if anything is wrong." },
      {
        type: "BUTTONS",
        buttons: [
          {
            type: "URL",
            text: "Track the parcel",
            url: "https://example.com/track/{{1}}",
            example: ["https://example.com/track/A-12345"],
          },
        ],
      },
    ],
  },
  {
    name: "order_shipped",
    language: "ru",
    category: "UTILITY",
    components: [
      body("Здравствуйте, {{1}}! Заказ {{2}} уже в пути, привезём {{3}}.", "Мария", "48213", "в пятницу"),
      { type: "FOOTER", text: "Если что-то не так, просто ответьте." },
    ],
  },
  {
    name: "ready_for_pickup",
    language: "en_US",
    category: "UTILITY",
    components: [
      body("Order {{1}} waits for you at the shop.", "A-12345"),
      { type: "BUTTONS", buttons: [{ type: "QUICK_REPLY", text: "I am coming" }] },
    ],
  },
  {
    name: "new_teas",
    language: "en_US",
    category: "MARKETING",
    components: [
      {
        type: "HEADER",
        format: "IMAGE",
        example: { header_handle: ["https://example.com/teas.png"] },
      },
      body("{{1}}, the teas of the new harvest are here.", "Grace"),
    ],
  },
];

/** Lets Meta have approved some templates of phone 1, and has the Worker read them. `token`: an admin's. Throws when one refuses. */
export async function addDemoTemplates(
  simulatorUrl: string,
  workerUrl: string,
  token: string,
): Promise<void> {
  const post = async (url: string, bearer: string, content?: Json) => {
    const response = await fetch(url, {
      method: "POST",
      headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json" },
      ...(content && { body: JSON.stringify(content) }),
    });
    if (!response.ok) throw new Error(`The demo templates: ${await response.text()}`);
    return (await response.json()) as Json;
  };
  for (const template of TEMPLATES) {
    const { id } = await post(`${simulatorUrl}/v25.0/${ACCOUNT}/message_templates`, "EAAdemo", template);
    await post(`${simulatorUrl}/simulator/templates/${id}`, "EAAdemo", { status: "APPROVED" });
  }
  await post(`${workerUrl}/api/waba/phones/1/templates/sync`, token);
}
