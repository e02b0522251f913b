import type { ContactCard } from "../../domain/message-content.ts";
import { countOf, idOf, objectOf, objectsOf, shortTextOf } from "../json-fields.ts";
import { isObject, type JsonObject } from "../json-text.ts";

const MOST_OF_A_KIND = 30;

/** The content of the type `contacts`, which is a list. */
export function parseContacts(list: unknown): { type: "contacts"; contacts: ContactCard[]; count: number } {
  return { type: "contacts", contacts: objectsOf(list).map(parseCard), count: countOf(list) };
}

function parseCard(card: JsonObject): ContactCard {
  const { name, org } = card;
  const { formatted_name, first_name, last_name } = objectOf(name);
  const inParts = [first_name, last_name].map(shortTextOf).filter((part) => part !== null);
  return {
    name: shortTextOf(formatted_name) ?? shortTextOf(inParts.join(" ")),
    phones: objectsOf(card.phones, MOST_OF_A_KIND).map(({ phone, wa_id, type }) => ({
      phone: shortTextOf(phone),
      whatsapp: idOf(wa_id),
      type: shortTextOf(type),
    })),
    emails: objectsOf(card.emails, MOST_OF_A_KIND).map(({ email, type }) => ({
      email: shortTextOf(email),
      type: shortTextOf(type),
    })),
    addresses: objectsOf(card.addresses, MOST_OF_A_KIND).map(parseAddress),
    urls: objectsOf(card.urls, MOST_OF_A_KIND).map(({ url, type }) => ({
      url: shortTextOf(url),
      type: shortTextOf(type),
    })),
    organization: isObject(org)
      ? {
          company: shortTextOf(org.company),
          department: shortTextOf(org.department),
          title: shortTextOf(org.title),
        }
      : null,
    birthday: shortTextOf(card.birthday),
    origin: shortTextOf(card.origin),
    vcard: shortTextOf(card.vcard),
  };
}

function parseAddress({ street, city, state, zip, country, country_code, type }: JsonObject) {
  return {
    street: shortTextOf(street),
    city: shortTextOf(city),
    state: shortTextOf(state),
    zip: shortTextOf(zip),
    country: shortTextOf(country) ?? shortTextOf(country_code),
    type: shortTextOf(type),
  };
}

/** The name of a person, or else their phone. */
export function nameOf({ name, phones: [first] }: ContactCard): string {
  return name ?? first?.phone ?? "";
}
