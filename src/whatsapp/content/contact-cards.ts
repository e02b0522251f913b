import type { ContactCard } from "../../domain/contact-card.ts";
import { idOf, isObject, type JsonObject } from "../json-text.ts";
import { countOf, objectOf, objectsOf, wordOf } from "./loose.ts";

const MOST_OF_A_KIND = 30;

/** `contacts` of a message: the only type whose content is a list. */
export function contactsOf(list: unknown): { type: "contacts"; contacts: ContactCard[]; count: number } {
  return { type: "contacts", contacts: objectsOf(list).map(cardOf), count: countOf(list) };
}

function cardOf(card: JsonObject): ContactCard {
  const { name, org } = card;
  const { formatted_name, first_name, last_name } = objectOf(name);
  const inParts = [first_name, last_name].map(wordOf).filter((part) => part !== null);
  return {
    name: wordOf(formatted_name) ?? wordOf(inParts.join(" ")),
    phones: objectsOf(card.phones, MOST_OF_A_KIND).map(({ phone, wa_id, type }) => ({
      phone: wordOf(phone),
      whatsapp: idOf(wa_id),
      type: wordOf(type),
    })),
    emails: objectsOf(card.emails, MOST_OF_A_KIND).map(({ email, type }) => ({
      email: wordOf(email),
      type: wordOf(type),
    })),
    addresses: objectsOf(card.addresses, MOST_OF_A_KIND).map(addressOf),
    urls: objectsOf(card.urls, MOST_OF_A_KIND).map(({ url, type }) => ({
      url: wordOf(url),
      type: wordOf(type),
    })),
    organization: isObject(org)
      ? { company: wordOf(org.company), department: wordOf(org.department), title: wordOf(org.title) }
      : null,
    birthday: wordOf(card.birthday),
    origin: wordOf(card.origin),
    vcard: wordOf(card.vcard),
  };
}

function addressOf({ street, city, state, zip, country, country_code, type }: JsonObject) {
  return {
    street: wordOf(street),
    city: wordOf(city),
    state: wordOf(state),
    zip: wordOf(zip),
    country: wordOf(country) ?? wordOf(country_code),
    type: wordOf(type),
  };
}
