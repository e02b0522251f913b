import { randomInt } from "node:crypto";
import { at, type Fields, isFields, listOf } from "./fields.ts";
import { GraphRefusal } from "./graph-errors.ts";
import type { Webhooks } from "./webhooks.ts";
import { unixSeconds, type World } from "./world.ts";

/** A message template of one WABA. */
export type SimulatedTemplate = {
  id: string;
  wabaId: string;
  name: string;
  language: string;
  status: string;
  category: string;
  components: Fields[];
  parameterFormat: "POSITIONAL" | "NAMED";
  quality: string;
  rejectedReason: string;
};

/** The message template that every WABA has from the start. */
const hello = {
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
  parameterFormat: "POSITIONAL" as const,
  quality: "UNKNOWN",
  rejectedReason: "NONE",
};

/** A WABA's templates, without deleted ones. */
export function templatesOf({ journal }: World, wabaId: string): SimulatedTemplate[] {
  const own = journal.all("template").filter((template) => template.wabaId === wabaId);
  return [{ ...hello, wabaId }, ...own];
}

/** Finds a template by Meta's id. Never `hello_world`, which belongs to all WABAs and cannot be changed. */
export function findTemplate({ journal }: World, id: string): SimulatedTemplate | null {
  return journal.get("template", id);
}

export function saveTemplate({ journal }: World, template: SimulatedTemplate): SimulatedTemplate {
  journal.put("template", template.id, template);
  return template;
}

/** Creates a template whose review is pending until the control API changes its status. Throws Meta's refusals. */
export function createTemplate(world: World, wabaId: string, body: Fields): SimulatedTemplate {
  const { name, language, category, parameter_format } = body;
  if (typeof name !== "string" || !/^[a-z0-9_]{1,512}$/.test(name)) throw invalidParam("name");
  if (typeof language !== "string" || language === "") throw invalidParam("language");
  if (!["AUTHENTICATION", "MARKETING", "UTILITY"].includes(String(category))) throw invalidParam("category");
  const components = componentsOf(body.components, String(category));
  if (templatesOf(world, wabaId).some((one) => one.name === name && one.language === language)) {
    throw new GraphRefusal(100, "Content in this language already exists.", 2388024);
  }
  return saveTemplate(world, {
    id: String(randomInt(10 ** 14, 2 * 10 ** 14)),
    wabaId,
    name,
    language,
    status: "PENDING",
    category: String(category),
    components,
    parameterFormat: parameter_format === "NAMED" ? "NAMED" : "POSITIONAL",
    quality: "UNKNOWN",
    rejectedReason: "NONE",
  });
}

/** Edits a template, which is then reviewed again. */
export function editTemplate(world: World, template: SimulatedTemplate, body: Fields): void {
  const { category = template.category } = body;
  const components = componentsOf(body.components ?? template.components, String(category));
  if (template.status === "PENDING")
    throw new GraphRefusal(100, "A template under review cannot be edited.", 2388002);
  const changed = { category: String(category), components, status: "PENDING" };
  saveTemplate(world, { ...template, ...changed });
}

/** Throws Meta's refusal when a message's template does not exist, cannot be sent, or has another number of variables. */
export function checkTemplate(world: World, wabaId: string, message: Fields): SimulatedTemplate {
  const [name, language] = [at(message, "template.name"), at(message, "template.language.code")];
  const template = templatesOf(world, wabaId).find((one) => one.name === name && one.language === language);
  if (template?.status === "PAUSED") throw new GraphRefusal(132015);
  if (template?.status === "DISABLED") throw new GraphRefusal(132016);
  if (template?.status !== "APPROVED")
    throw new GraphRefusal(132001, `template name (${name}) does not exist in ${language}`);
  const sent = listOf(at(message, "template.components"));
  for (const type of ["HEADER", "BODY"]) checkVariables(template, type, sent);
  checkButtons(template, sent);
  return template;
}

/** Every variable of the text needs a parameter, and there may be no more. */
function checkVariables({ components }: SimulatedTemplate, type: string, sent: Fields[]): void {
  const component = components.find((one) => one.type === type);
  if (type === "HEADER" && component?.format !== "TEXT") return;
  const wanted = variablesIn(component?.text);
  const given = listOf(sent.find((one) => String(one.type).toUpperCase() === type)?.parameters).length;
  if (wanted === given) return;
  const details = `${type.toLowerCase()}: number of localizable_params (${given}) does not match the expected number of params (${wanted})`;
  throw new GraphRefusal(132000, details);
}

/** A URL with a variable needs its own parameter: of a one-time code too, which the body already has. */
function checkButtons({ components }: SimulatedTemplate, sent: Fields[]): void {
  const buttons = listOf(components.find((one) => one.type === "BUTTONS")?.buttons);
  for (const [index, button] of buttons.entries()) {
    if (button.type !== "URL" || variablesIn(button.url) === 0) continue;
    const own = sent.find(
      (one) =>
        String(one.type).toLowerCase() === "button" &&
        String(one.sub_type).toLowerCase() === "url" &&
        Number(one.index) === index,
    );
    const [parameter] = listOf(own?.parameters);
    if (typeof parameter?.text !== "string" || parameter.text === "")
      throw new GraphRefusal(131008, `buttons: Button at index ${index} of type Url requires a parameter`);
  }
}

function variablesIn(text: unknown): number {
  return new Set(String(text ?? "").match(/\{\{\s*\w+\s*\}\}/g)).size;
}

/** Sends a webhook about a template; `field` and `details` are the change's field and the rest of its value. */
export function sendTemplateWebhook(
  { world, webhooks }: { world: World; webhooks: Webhooks },
  { id, wabaId, name, language }: SimulatedTemplate,
  field: string,
  details: Fields,
): Promise<void> {
  const value = {
    message_template_id: Number(id),
    message_template_name: name,
    message_template_language: language,
    ...details,
  };
  const time = unixSeconds(world.now());
  return webhooks.deliver([{ wabaId, field, value, time, about: "other", lane: wabaId }]);
}

/** Graph accepts a component's type in lower case too, and returns it in upper case. */
function componentsOf(given: unknown, category: string): Fields[] {
  if (!Array.isArray(given) || !given.every(isFields)) throw invalidParam("components");
  const components = given.map((one) => ({ ...one, type: String(one.type).toUpperCase() }));
  if (!components.some(({ type }) => type === "BODY")) throw invalidParam("components");
  return category === "AUTHENTICATION" ? oneTimeCode(components) : components;
}

/**
 * Meta writes the texts of a one-time code itself, and turns its button into a URL that takes the code a second time.
 * https://developers.facebook.com/docs/whatsapp/business-management-api/authentication-templates
 */
function oneTimeCode(components: Fields[]): Fields[] {
  const minutes = components.find(({ type }) => type === "FOOTER")?.code_expiration_minutes;
  return components.map((component) => {
    switch (component.type) {
      case "BODY": {
        const advice = component.add_security_recommendation
          ? " For your security, do not share this code."
          : "";
        return { text: `*{{1}}* is your verification code.${advice}`, ...component };
      }
      case "FOOTER":
        return minutes === undefined
          ? component
          : { text: `This code expires in ${minutes} minutes.`, ...component };
      case "BUTTONS":
        return { ...component, buttons: listOf(component.buttons).map((one) => codeButton(one, minutes)) };
      default:
        throw invalidParam("components");
    }
  });
}

function codeButton(button: Fields, minutes: unknown): Fields {
  if (String(button.type).toUpperCase() !== "OTP") return button;
  const { otp_type: otpType = "COPY_CODE", text = "Copy code" } = button;
  const expiry = minutes === undefined ? "" : `&code_expiration_minutes=${minutes}`;
  const url = `https://www.whatsapp.com/otp/code/?otp_type=${String(otpType)}${expiry}&code=otp{{1}}`;
  return { type: "URL", text, url };
}

function invalidParam(field: string): GraphRefusal {
  return new GraphRefusal(100, `Param ${field} is not valid.`);
}
