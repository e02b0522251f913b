import type { MetaError } from "../../domain/common-fields.ts";
import type { Notice } from "../../domain/notice.ts";
import { parseMetaErrors } from "../content/common-fields.ts";
import { counted } from "../content/text-parts.ts";
import { idOf, objectOf, objectsOf, shortTextOf, timeOf } from "../json-fields.ts";
import type { JsonObject } from "../json-text.ts";
import { plainWords } from "./title.ts";

const MAX_NAMED = 3;

type GroupDetail = Extract<Notice, { kind: "group" }>["detail"];

const CHANGES: Record<string, string> = {
  group_create: "was created",
  group_delete: "was deleted",
  group_participants_add: "has new members",
  group_participants_remove: "has lost members",
  group_join_request_created: "has a request to join",
  group_join_request_revoked: "has lost a request to join",
  group_suspend: "was suspended",
  group_suspend_cleared: "is no longer suspended",
};

/** Fields `group_…_update`. The change is named by each group's own `type`, whichever of the fields it came in. */
export function parseGroups(value: JsonObject, at: string | null): Notice | null {
  const changes = objectsOf(value.groups).map(changeOf);
  const [first] = changes.toSorted((a, b) => gravityOf(b) - gravityOf(a));
  if (!first) return null;
  const change = changeIn(first);
  const known = change !== null && Object.hasOwn(CHANGES, change) ? CHANGES[change] : undefined;
  const group = objectsOf(value.groups)[changes.indexOf(first)] ?? {};
  const [refused] = parseMetaErrors(group.errors);
  const unchanged = `did not change as asked (${plainWords(change)})`;
  const isForNobody = first.failed.length > 0 && first.added.length + first.removed.length === 0;
  const done = known ?? settingsIn(group) ?? `changed: ${plainWords(change)}`;
  const what = refused
    ? `${unchanged}: ${whyOf(refused)}`
    : `${isForNobody ? unchanged : done}${peopleIn(first)}${failedIn(first)}`;
  const more = changes.length > 1 ? `; ${counted(changes.length - 1, "more change")} of groups` : "";
  return {
    kind: "group",
    severity: SEVERITIES[gravityOf(first)] ?? "info",
    title: `A WhatsApp group${first.name ? ` "${first.name}"` : ""} ${what}${more}.`,
    at: first.at ?? at,
    subject: { type: "group", groupId: first.groupId },
    detail: { changes },
  };
}

const SEVERITIES = ["info", "warning", "critical"] as const;

/** The position of its severity: of several changes the gravest is reported, and the first of those. */
function gravityOf({ change, failed, errors }: GroupDetail["changes"][number]): number {
  if (change === "group_suspend") return 2;
  return failed.length > 0 || errors.length > 0 ? 1 : 0;
}

/** Meta's example of members that were removed has the type of a group that was created. */
function changeIn({ change, added, removed }: GroupDetail["changes"][number]): string | null {
  const isRemoval = change === "group_create" && removed.length > 0 && added.length === 0;
  return isRemoval ? "group_participants_remove" : change;
}

const SETTINGS = {
  group_subject: "name",
  group_description: "description",
  profile_picture: "picture",
  join_approval_mode: "rule for joining",
};

/** `has a new name and a new picture`, and what could not be changed; null where no setting is named. */
function settingsIn(group: JsonObject): string | null {
  const named = Object.entries(SETTINGS).filter(([key]) => key in group && group[key] !== null);
  const failed = named.filter(([key]) => isRefused(objectOf(group[key])));
  const changed = named.filter((setting) => !failed.includes(setting));
  const [error] = failed.flatMap(([key]) => parseMetaErrors(objectOf(group[key]).errors));
  const both = [
    changed.length > 0 ? `has ${listed(changed.map(([, name]) => `a new ${name}`))}` : null,
    failed.length > 0 ? `could not change its ${listed(failed.map(([, name]) => name))}` : null,
  ].filter((part) => part !== null);
  if (both.length > 0) return `${both.join(", and ")}${error ? `: ${whyOf(error)}` : ""}`;
  return group.type === "group_settings_update" ? "has new settings" : null;
}

/** "a", "a and b", "a, b and c". */
function listed(names: string[]): string {
  return [names.slice(0, -1).join(", "), ...names.slice(-1)].filter(Boolean).join(" and ");
}

function whyOf({ code, detail, title }: MetaError): string {
  return detail ?? title ?? (code === null ? "unknown" : `Meta error ${code}`);
}

/** Who asks, comes or goes. */
function peopleIn({ requester, added, removed }: GroupDetail["changes"][number]): string {
  if (requester !== null) return ` from ${requester}`;
  const people = [...added, ...removed];
  return people.length === 0 ? "" : ` (${firstOf(people)})`;
}

/** Who could not be added or removed, and why. */
function failedIn({ failed, errors: [error] }: GroupDetail["changes"][number]): string {
  return failed.length === 0 ? "" : `; not done for ${firstOf(failed)}${error ? `: ${whyOf(error)}` : ""}`;
}

function firstOf(people: string[]): string {
  const more = people.length > MAX_NAMED ? ` and ${people.length - MAX_NAMED} more` : "";
  return `${people.slice(0, MAX_NAMED).join(", ")}${more}`;
}

function changeOf(group: JsonObject): GroupDetail["changes"][number] {
  const settings = [group.group_subject, group.group_description, group.profile_picture].map(objectOf);
  const refused = parseMetaErrors(group.errors);
  const parts = [...settings, ...objectsOf(group.failed_participants)];
  return {
    groupId: idOf(group.group_id),
    change: shortTextOf(group.type),
    name: refused.length > 0 ? null : (shortTextOf(group.subject) ?? textDone(objectOf(group.group_subject))),
    inviteLink: shortTextOf(group.invite_link),
    requestId: idOf(group.request_id) ?? idOf(group.join_request_id),
    requester: personOf(group),
    added: peopleOf(group.added_participants),
    removed: peopleOf(group.removed_participants),
    failed: peopleOf(group.failed_participants),
    errors: [...refused, ...parts.flatMap(({ errors }) => parseMetaErrors(errors))],
    at: timeOf(group.timestamp),
  };
}

/** What a setting is now; null where its change failed. */
function textDone(setting: JsonObject): string | null {
  return isRefused(setting) ? null : shortTextOf(setting.text);
}

function isRefused({ update_successful, errors }: JsonObject): boolean {
  return update_successful === false || update_successful === "false" || parseMetaErrors(errors).length > 0;
}

function peopleOf(people: unknown): string[] {
  return objectsOf(people).flatMap((person) => personOf(person) ?? []);
}

/** The phone, as people know each other, else the user id. */
function personOf({ user_id, wa_id, input }: JsonObject): string | null {
  return idOf(wa_id) ?? idOf(user_id) ?? idOf(input);
}
