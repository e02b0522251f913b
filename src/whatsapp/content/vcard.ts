import type { ContactCard } from "../../domain/message-content.ts";
import { shortTextOf, textOf } from "../json-fields.ts";

type Vcard = Pick<ContactCard, "name" | "phones" | "emails" | "organization">;
type Property = { name: string; parameters: string[]; value: string };

const MOST_OF_A_KIND = 30;

/**
 * Who a vCard is of, and how to reach them; empty for anything else. Versions 2.1 to 4.0:
 * https://www.rfc-editor.org/rfc/rfc6350
 */
export function parseVcard(value: unknown): Vcard {
  const properties = propertiesOf(textOf(value) ?? "");
  const valuesOf = (name: string) => properties.filter((one) => one.name === name).slice(0, MOST_OF_A_KIND);
  const [fullName, parts, company] = ["FN", "N", "ORG"].map((name) => valuesOf(name)[0]?.value ?? "");
  const [family, given, middle] = fieldsOf(parts ?? "");
  const organization = shortTextOf(fieldsOf(company ?? "")[0]);
  return {
    name:
      shortTextOf(unescaped(fullName ?? "")) ??
      shortTextOf([given, middle, family].filter(Boolean).join(" ")),
    phones: valuesOf("TEL").map((property) => ({
      phone: shortTextOf(unescaped(property.value).replace(/^tel:/i, "")),
      whatsapp: parameterOf(property, "WAID"),
      type: parameterOf(property, "TYPE"),
    })),
    emails: valuesOf("EMAIL").map((property) => ({
      email: shortTextOf(unescaped(property.value).replace(/^mailto:/i, "")),
      type: parameterOf(property, "TYPE"),
    })),
    organization: organization === null ? null : { company: organization, department: null, title: null },
  };
}

/** A long line goes on in the next one, after a space or a tab. A group, `item1.TEL`, does not count. */
function propertiesOf(text: string): Property[] {
  const lines = text.replace(/\r?\n[ \t]/g, "").split(/\r?\n/);
  return lines.flatMap((line) => {
    const [, name, parameters = "", value = ""] =
      line.match(/^(?:[\w-]+\.)?([\w-]+)((?:;[^:]*)?):(.*)$/) ?? [];
    if (name === undefined) return [];
    return [{ name: name.toUpperCase(), parameters: parameters.split(";").slice(1), value: value.trim() }];
  });
}

function parameterOf({ parameters }: Property, name: string): string | null {
  const found = parameters.map((one) => one.split("=")).find(([key]) => key?.toUpperCase() === name);
  return shortTextOf(found?.[1]);
}

/** The parts between semicolons that are not escaped. */
function fieldsOf(value: string): string[] {
  return value.split(/(?<!\\);/).map((part) => unescaped(part).trim());
}

function unescaped(value: string): string {
  return value.replace(/\\([\\;,nN])/g, (_, escaped) => (escaped.toLowerCase() === "n" ? " " : escaped));
}
