-- Deletes what is left of a person once `erase_messages` has deleted their messages: chats, notes, ids, names, reports, preferences, raw
-- webhooks that name them, and themselves; and logs it, with the number of messages and without a name. Returns null while there
-- are messages, or when there is no such contact; otherwise what changed in groups (`committed`).
create or replace function finish_erasure(organization int, contact int, agent int, at timestamptz, erased int) returns json language plpgsql
  set lock_timeout = '2s' set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
#variable_conflict use_column
declare
  person record;
  phones int[] := array(select p.id from "OrganizationPhone" p where p."organizationId" = organization);
  named text;
  published json;
begin
  select * into person from person_of(organization, contact);
  if person.contacts is null then return null; end if;
  perform from "Contact" c where c.id = any(person.contacts) order by c.id for update;
  perform from "Chat" c where c.id = any(person.chats) order by c.id for update;
  if exists (select from "Message" m where m."chatId" = any(person.chats)) then return null; end if;
  named := mention_pattern(person.ids);
  published := committed(erase_from_groups(organization, person.ids, at));

  delete from "MessageStatus" s where s."messageId" is null and s.seq is null and s."organizationPhoneId" = any(phones)
    and (s."recipientPhone" = any(person.ids) or s."recipientUserId" = any(person.ids) or s.payload::text ~ named);
  with gone as (
    delete from "WebhookEvent" e
    where (e."organizationId" = organization or e."organizationId" is null and e."phoneNumberId" in (
        select p."wabaPhoneNumberId" from "OrganizationPhone" p where p."organizationId" = organization))
      and (e.payload::text ~ named or encode(e.raw, 'escape') ~ named)
    returning e.hash)
  insert into "Erasure" ("organizationId", hash, "erasedAt") select organization, erasure_hash('event', g.hash), at from gone g
  on conflict do nothing;
  delete from "Notice" n where n."organizationId" = organization and (n.detail::text ~ named
    or n.kind = 'identity_conflict' and exists (
      select from jsonb_array_elements_text(n.detail->'contactIds') w where w::int = any(person.contacts)));
  delete from "MarketingChoice" c where c."organizationId" = organization and c.kind in ('phone', 'userId')
    and c.value = any(person.ids);

  delete from "ChatEvent" e where e."chatId" = any(person.chats);
  delete from "ChatNote" n where n."chatId" = any(person.chats);
  update "Chat" c set "mergedIntoId" = null where c.id = any(person.chats);
  delete from "Chat" c where c.id = any(person.chats);
  delete from "ContactMerge" m where m."contactId" = any(person.contacts) or m."mergedContactId" = any(person.contacts);
  delete from "ContactName" n where n."contactId" = any(person.contacts);
  delete from "IdentityReport" r where r."contactId" = any(person.contacts);
  delete from "ContactIdentity" o where o."contactId" = any(person.contacts);
  update "Contact" c set "mergedIntoId" = null where c.id = any(person.contacts);
  delete from "Contact" c where c.id = any(person.contacts);
  insert into "AuditEntry" ("organizationId", "agentId", action, detail)
  values (organization, agent, 'contact.erased', jsonb_build_object('count', erased));
  return published;
end $$;
