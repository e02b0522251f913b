import type { Notice } from "../../domain/notice.ts";
import { parseMetaErrors } from "../content/common-fields.ts";
import { countOf, idOf, objectOf, objectsOf, shortTextOf, timeOf } from "../json-fields.ts";
import type { JsonObject } from "../json-text.ts";
import { parseHandover } from "../parse-handover.ts";
import { numberOfValue } from "./numbers.ts";
import { plainWords } from "./title.ts";

/** What stands in a value beside or instead of its messages; null where there are only messages, for others to read. */
export function parseErrorsAndClicks(field: string, value: JsonObject, at: string | null): Notice | null {
  const errors = parseMetaErrors(value.errors);
  if (errors.length === 0) return parseClicks(value, at);
  return {
    kind: "errors",
    severity: "warning",
    title: `Meta reports an error${field === "calls" ? ", and names no call" : ""}: ${errors[0]?.detail ?? errors[0]?.title ?? errors[0]?.code ?? "unknown"}.`,
    at,
    subject: numberOfValue(value),
    detail: { field, errors },
  };
}

/** Who clicked is not said. */
function parseClicks(value: JsonObject, at: string | null): Notice | null {
  const actions = objectsOf(value.user_actions);
  if (actions.length === 0) return null;
  const clicks = actions.map((action) => {
    const { click_component, product_id, click_id } = objectOf(action.marketing_messages_link_click_data);
    return {
      component: shortTextOf(click_component),
      productId: idOf(product_id),
      clickId: shortTextOf(click_id),
      at: timeOf(action.timestamp),
    };
  });
  return {
    kind: "linkClicks",
    severity: "info",
    title: `${clicks.length === 1 ? "A link in a marketing message was" : `${clicks.length} links in marketing messages were`} clicked.`,
    at: clicks[0]?.at ?? at,
    subject: numberOfValue(value),
    detail: { clicks },
  };
}

/** Field `history`, where the owner of the number has declined to share it. */
export function parseHistoryDeclined(value: JsonObject, at: string | null): Notice | null {
  const errors = objectsOf(value.history).flatMap((part) => parseMetaErrors(part.errors));
  if (errors.length === 0) return null;
  const why = errors[0]?.detail ?? errors[0]?.title;
  return {
    kind: "historyDeclined",
    severity: "warning",
    title: `The chat history of the phone is not shared${why ? `: ${why}` : ""}.`,
    at,
    subject: numberOfValue(value),
    detail: { errors },
  };
}

/** Field `messaging_handovers`: which of several apps answers a customer. */
export function parseHandoverNotice(value: JsonObject, at: string | null): Notice {
  const { contact, at: ownAt, change, previousAppId, summary, metadata } = parseHandover(value);
  const person = contact.phone ?? contact.userId;
  const said = [summary, metadata].filter((text) => text !== null).join("; ");
  return {
    kind: "handover",
    severity: "info",
    title: `The chat with ${person ?? "a customer who is not named"} changed hands between apps: ${plainWords(change)}${said ? `: ${said}` : ""}.`,
    at: ownAt ?? at,
    subject: numberOfValue(value),
    detail: { change, previousAppId, ...contact, summary, metadata },
  };
}

/** Field `standby`: what another app is answering. It is counted and no more: we must not answer it. */
export function parseStandby(value: JsonObject, at: string | null): Notice {
  const { messages, message_echoes, statuses } = objectOf(value.standby);
  const detail = {
    messages: countOf(messages),
    echoes: countOf(message_echoes),
    statuses: countOf(statuses),
  };
  return {
    kind: "standby",
    severity: "info",
    title: "Another app has control of a chat with this number.",
    at,
    subject: numberOfValue(value),
    detail,
  };
}

/** Field `automatic_events`: what Meta found a chat that began at an advertisement to have led to. */
export function parseAutomaticEvents(value: JsonObject, at: string | null): Notice | null {
  const events = objectsOf(value.automatic_events).map((event) => ({
    wamid: idOf(event.id),
    name: shortTextOf(event.event_name),
    clickId: shortTextOf(event.ctwa_clid),
    at: timeOf(event.timestamp),
  }));
  const [first] = events;
  if (!first) return null;
  return {
    kind: "automaticEvents",
    severity: "info",
    title: `Meta found ${events.length === 1 ? `an event "${first.name ?? ""}"` : `${events.length} events`} in chats from advertisements.`,
    at: first.at ?? at,
    subject: value.metadata === undefined ? { type: "account", wabaId: null } : numberOfValue(value),
    detail: { events },
  };
}
