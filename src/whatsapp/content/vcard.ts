import type { ContactCard } from "../../domain/message-content.ts";
import { shortTextOf, textOf } from "../json-fields.ts";

type Vcard = Pick<ContactCard, "name" | "phones" | "emails" | "addresses" | "urls" | "organization">;
type Property = { name: string; parameters: string[]; value: string };

const MOST_OF_A_KIND = 30;

/**
 * Who a vCard is of, and how to reach them; empty for anything else. Versions 2.1 to 4.0:
 * https://www.rfc-editor.org/rfc/rfc6350
 */
export function parseVcard(value: unknown): Vcard {
  const properties = propertiesOf(textOf(value) ?? "");
  const valuesOf = (name: string) => properties.filter((one) => one.name === name).slice(0, MOST_OF_A_KIND);
  const [fullName, parts, nickname, company] = ["FN", "N", "NICKNAME", "ORG"].map(
    (name) => valuesOf(name)[0]?.value ?? "",
  );
  const [family, given, middle] = fieldsOf(parts ?? "");
  const organization = shortTextOf(fieldsOf(company ?? "")[0]);
  return {
    name:
      shortTextOf(unescaped(fullName ?? "")) ??
      shortTextOf([given, middle, family].filter(Boolean).join(" ")) ??
      shortTextOf(unescaped(nickname ?? "")),
    phones: valuesOf("TEL").map((property) => ({
      phone: shortTextOf(unescaped(property.value).replace(/^tel:/i, "")),
      whatsapp: parameterOf(property, "WAID"),
      type: parameterOf(property, "TYPE"),
    })),
    emails: valuesOf("EMAIL").map((property) => ({
      email: shortTextOf(unescaped(property.value).replace(/^mailto:/i, "")),
      type: parameterOf(property, "TYPE"),
    })),
    addresses: valuesOf("ADR").map((property) => addressOf(property)),
    urls: valuesOf("URL").map((property) => ({
      url: shortTextOf(unescaped(property.value)),
      type: parameterOf(property, "TYPE"),
    })),
    organization: organization === null ? null : { company: organization, department: null, title: null },
  };
}

/** A name, its parameters, of which those in quotes may contain anything, and a value. A group, `item1.TEL`, does not count. */
const PROPERTY = /^(?:[\w-]+\.)?([\w-]+)((?:;(?:"[^"]*"|[^":])*)?):(.*)$/;
/** In version 2.1 a line of this kind goes on in the next one after a `=`. */
const QUOTED_PRINTABLE_LINES = /^[^:\n]*;(?:ENCODING=)?QUOTED-PRINTABLE[^:\n]*:(?:.*=\n)*.*$/gim;

/** A long line goes on in the next one, after a space or a tab. */
function propertiesOf(text: string): Property[] {
  const unfolded = text.replace(/\r\n?/g, "\n").replace(/\n[ \t]/g, "");
  const whole = unfolded.replace(QUOTED_PRINTABLE_LINES, (lines) => lines.replaceAll("=\n", ""));
  return whole.split("\n").flatMap((line) => {
    const [, name, listed = "", written = ""] = line.match(PROPERTY) ?? [];
    if (name === undefined) return [];
    const parameters = listed.split(";").slice(1);
    const isQuoted = parameters.some((one) => /^(?:ENCODING=)?QUOTED-PRINTABLE$/i.test(one));
    const value = isQuoted ? fromQuotedPrintable(written) : written;
    return [{ name: name.toUpperCase(), parameters, value: value.trim() }];
  });
}

/** As it is where it is no UTF-8: https://www.rfc-editor.org/rfc/rfc2045#section-6.7 */
function fromQuotedPrintable(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("%", "%25").replace(/=([\dA-F]{2})/gi, "%$1"));
  } catch {
    return text;
  }
}

/** Post box and apartment come first, and belong to the street. */
function addressOf(property: Property): ContactCard["addresses"][number] {
  const [box, apartment, street, city, state, zip, country] = fieldsOf(property.value);
  return {
    street: shortTextOf([street, apartment, box].filter(Boolean).join(", ")),
    city: shortTextOf(city),
    state: shortTextOf(state),
    zip: shortTextOf(zip),
    country: shortTextOf(country),
    type: parameterOf(property, "TYPE"),
  };
}

function parameterOf({ parameters }: Property, name: string): string | null {
  const found = parameters.map((one) => one.split("=")).find(([key]) => key?.toUpperCase() === name);
  return shortTextOf(found?.[1]?.replaceAll('"', ""));
}

/** The parts between semicolons that are not escaped. */
function fieldsOf(value: string): string[] {
  return value.split(/(?<!\\);/).map((part) => unescaped(part).trim());
}

function unescaped(value: string): string {
  return value.replace(/\\([\\;,nN])/g, (_, escaped) => (escaped.toLowerCase() === "n" ? " " : escaped));
}
