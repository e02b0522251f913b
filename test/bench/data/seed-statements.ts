// Create the product's rows from the temporary tables `seed_chat` (chat, size) and `seed_text` (n, text). `h` is a hash that
// serves as a random number, the same in every run. The rules must agree with seed-shape.ts.

/** Phones, agents and templates; contacts and their identities. */
const PEOPLE = [
  `insert into "OrganizationPhone" ("organizationId", name, "phoneNumber", "wabaPhoneNumberId", "wabaId")
   select 1, 'Number ' || n, (79001234567 + n)::text, (200000000000100 + n)::text, '123456789012345' from generate_series(1, 4) n`,
  `insert into "Agent" ("organizationId", sub, name, role)
   select 1, 'seeded-' || n, 'Agent ' || n, 'agent' from generate_series(1, 20) n`,
  `insert into "Template" ("organizationId", "wabaId", "metaId", name, language, category, components, status, "statusAt")
   select 1, '123456789012345', n::text, 'template_' || n, 'en', (array['UTILITY', 'MARKETING'])[1 + n % 2],
     '[{"type": "BODY", "text": "Your order {{1}} is on its way."}]', 'APPROVED', now() from generate_series(1, 50) n`,
  `insert into "Contact" (id, "organizationId", phone, "userId", name, "namedAt", "createdAt", "updatedAt")
   select chat, 1, case when chat % 8 <> 0 then '7916' || lpad(chat::text, 7, '0') end,
     case when chat % 8 <= 2 then 'RU.' || (1000000000000000 + chat) end,
     (array['Anna','Boris','Clara','Dmitri','Elena','Fyodor','Galina','Hassan'])[1 + chat % 8] || ' ' ||
     (array['Ivanova','Petrov','Smith','Kowalska','Nowak','Orlov','Lebedeva'])[1 + chat % 7],
     now() - interval '180 days', now() - interval '180 days', now() - interval '180 days' from seed_chat`,
  `insert into "ContactIdentity" ("organizationId", "contactId", kind, value, "createdAt")
   select "organizationId", k.id, v.kind, v.value, k."createdAt" from "Contact" k
   cross join lateral (values ('phone', k.phone), ('userId', k."userId")) v(kind, value) where v.value is not null order by k.id`,
];

/**
 * The kind and the time of each message. Of a hundred, 45 are texts of the customer (every tenth a reply), 5 are images, 45
 * are texts of an agent (with six events: created, sending, accepted, sent, delivered, read), and 5 are reactions to the
 * previous message (with two events: the reaction, and the update of that message).
 */
const PLAN = [
  `create temp table seed_phone on commit drop as
   select id, row_number() over (order by "wabaPhoneNumberId") n from "OrganizationPhone" where "wabaPhoneNumberId" like '2000000000001%'`,
  `create temp table seed_drawn on commit drop as
   select c.chat, k, c.size, h, draw, extract(epoch from now())::bigint - (86400 * 180 * power(last, 3))::bigint
       - ((c.size - k) * gap + (h / 100 % 1000) * gap / 1000)::bigint as at
   from (select chat, size, greatest(1, least(600, 13000000 / size)) gap, (hashint8extended(chat, 7) & 1048575) / 1048576.0 last from seed_chat) c
   cross join lateral generate_series(1, c.size) k
   cross join lateral (select hashint8extended(c.chat::bigint * 1000003 + k, 1) & 9007199254740991 h) r
   cross join lateral (select h % 100 draw) d`,
  `create temp table seed_message on commit drop as
   select row_number() over (order by at, chat, k)::int id, chat, k, size, h, to_timestamp(at) as at, kind,
     case kind when 'out' then 6 when 'reaction' then 2 else 1 end numbers,
     (sum(case kind when 'out' then 6 when 'reaction' then 2 else 1 end) over (partition by chat order by k))::int upto
   from (select d.*, case when draw < 45 then 'in' when draw < 50 then 'image' when draw < 95 then 'out'
       when k > 1 and lag(draw) over (partition by chat order by k) < 95 then 'reaction' else 'in' end kind from seed_drawn d) d`,
  "create unique index on seed_message (chat, k)",
  "analyze seed_message",
];

const CHATS = [
  `insert into "Chat" (id, "organizationId", "organizationPhoneId", "contactId", head, "unreadCount", "lastMessageId", "lastMessageAt",
     "lastInboundAt", status, "createdAt", "updatedAt")
   select m.chat, 1, p.id, m.chat, max(m.upto), count(*) filter (where m.kind in ('in', 'image') and m.k > m.size - 3 and m.chat % 5 = 0),
     (array_agg(m.id order by m.k desc) filter (where m.kind <> 'reaction'))[1], max(m.at) filter (where m.kind <> 'reaction'),
     max(m.at) filter (where m.kind in ('in', 'image')), case when m.chat % 10 < 6 then 'closed' when m.chat % 100 = 99 then 'snoozed' else 'open' end,
     min(m.at), max(m.at)
   from seed_message m join seed_phone p on p.n = case when m.chat % 100 < 70 then 1 when m.chat % 100 < 90 then 2 when m.chat % 100 < 99 then 3 else 4 end
   group by m.chat, p.id order by min(m.at)`,
];

/** Meta's ids are about forty characters of base64, which contain the customer's number. */
const WAMID = (id: string) =>
  `'wamid.HBgL' || translate(encode(sha256(int4send(${id})), 'base64'), '+/=' || chr(10), 'AB')`;

const MESSAGES = [
  `insert into "Media" (id, "organizationId", "organizationPhoneId", "metaId", "fromMe", state, "mimeType", sha256, "sizeBytes", "objectKey",
     attempts, "expiresAt", "storedAt", "createdAt")
   select m.id, 1, c."organizationPhoneId", (1000000000000000 + m.id)::text, false, 'stored', 'image/jpeg', encode(sha256(int4send(m.id)), 'base64'),
     100000 + m.h % 400000, '1/' || encode(sha256(int4send(m.id)), 'hex'), 1, m.at + interval '7 days', m.at + interval '1 second', m.at
   from seed_message m join "Chat" c on c.id = m.chat where m.kind = 'image' order by m.id`,
  `insert into "Message" (id, "organizationPhoneId", "chatId", seq, wamid, "fromMe", "messageType", body, payload, content, "mediaId", status,
     "refersTo", amends, emoji, "replyToMessageId", reactions, "agentId", "idempotencyKey", fingerprint, attempts, "createdAt", "receivedAt", "storedAt")
   select m.id, c."organizationPhoneId", m.chat, m.upto - m.numbers + 1, w.wamid, m.kind = 'out', w.type, w.body,
     case when m.kind = 'out' then json_build_object('type', 'text', 'text', json_build_object('body', t.text))
       else ('{"from":"' || coalesce(k.phone, '') || '","id":"' || w.wamid || '","timestamp":"' || extract(epoch from m.at)::bigint || '","type":"' || w.type || '",'
         || case w.type when 'text' then '"text":' || json_build_object('body', t.text)
            when 'image' then '"image":' || json_build_object('id', (1000000000000000 + m.id)::text, 'mime_type', 'image/jpeg', 'sha256', encode(sha256(int4send(m.id)), 'base64'))
            else '"reaction":' || json_build_object('message_id', r.wamid, 'emoji', '👍') end
         || case when w.reply then ',"context":' || json_build_object('from', '79001234567', 'id', r.wamid) else '' end || '}')::json end,
     case when m.kind = 'out' then json_build_object('type', 'text', 'text', t.text)
       else json_build_object('type', w.type, case w.type when 'text' then 'text' when 'image' then 'mediaId' else 'emoji' end, w.body,
         'context', case when w.reply then json_build_object('wamid', r.wamid, 'from', '79001234567', 'forwarded', false, 'frequentlyForwarded', false, 'product', null) end,
         'referral', null, 'sender', null, 'identityHash', null, 'errors', '[]'::json) end,
     case when m.kind = 'image' then m.id end, case when m.kind = 'out' then 'read' end,
     case when m.kind = 'reaction' or w.reply then r.wamid end, case when m.kind = 'reaction' then 'reaction' end, case when m.kind = 'reaction' then '👍' end,
     case when w.reply then r.id end,
     case when n.kind = 'reaction' then '[{"emoji": "👍", "fromMe": false, "sender": null}]'::jsonb else '[]' end,
     case when m.kind = 'out' then a.id end, case when m.kind = 'out' then gen_random_uuid()::text end,
     case when m.kind = 'out' then encode(sha256(int4send(m.id)), 'hex') end, (m.kind = 'out')::int, m.at, m.at + interval '1 second', m.at + interval '1 second'
   from seed_message m join "Chat" c on c.id = m.chat join "Contact" k on k.id = c."contactId"
   join seed_text t on t.n = 1 + m.h / 100 % 2000
   left join seed_message b on b.chat = m.chat and b.k = m.k - 1
   left join seed_message n on n.chat = m.chat and n.k = m.k + 1
   cross join lateral (select b.id, ${WAMID("b.id")} wamid) r
   cross join lateral (select ${WAMID("m.id")} wamid, case m.kind when 'image' then 'image' when 'reaction' then 'reaction' else 'text' end type,
     case m.kind when 'image' then '[image]' when 'reaction' then '👍' else t.text end body,
     m.kind = 'in' and b.kind in ('in', 'out') and m.h / 1000 % 10 = 0 reply) w
   join lateral (select min(id) + m.h / 7 % 20 id from "Agent" where sub like 'seeded-%') a on true
   order by m.id`,
  `insert into "MessageStatus" ("organizationPhoneId", wamid, status, "messageId", seq, price, payload, "happenedAt", "receivedAt")
   select c."organizationPhoneId", w.wamid, s.status, m.id, m.upto - 3 + s.n,
     case when s.n < 3 then '{"type": "free_customer_service", "model": "PMP", "billable": false, "category": "service"}'::jsonb end,
     json_build_object('id', w.wamid, 'status', s.status, 'timestamp', (extract(epoch from m.at)::bigint + 2 * s.n)::text, 'recipient_id', coalesce(k.phone, ''),
       'pricing', json_build_object('billable', false, 'pricing_model', 'PMP', 'category', 'service', 'type', 'free_customer_service')),
     m.at + make_interval(secs => 2 * s.n), m.at + make_interval(secs => 2 * s.n + 1)
   from seed_message m join "Chat" c on c.id = m.chat join "Contact" k on k.id = c."contactId"
   cross join lateral (select ${WAMID("m.id")} wamid) w
   cross join (values (1, 'sent'), (2, 'delivered'), (3, 'read')) s(n, status)
   where m.kind = 'out' order by m.at + make_interval(secs => 2 * s.n), m.id`,
];

const EVENTS = [
  `insert into "ChatEvent" ("chatId", seq, event, "messageId", "agentId", data, "createdAt", "publishedAt")
   select m.chat, m.upto - m.numbers + 1 + i, case when i = 0 then 'message.created' else 'message.updated' end,
     case when m.kind = 'reaction' and i = 1 then b.id else m.id end,
     case when m.kind = 'out' and i = 0 then a.id end,
     case when m.kind = 'out' and i in (1, 2) then jsonb_build_object('status', (array['sending', 'accepted'])[i], 'at', m.at, 'by', 'us', 'attempt', null)
       when m.kind = 'out' and i > 2 then jsonb_build_object('status', (array['sent', 'delivered', 'read'])[i - 2], 'at', m.at) end,
     m.at + make_interval(secs => i), case when m.h % 5 = 0 then m.at + make_interval(secs => i) end
   from seed_message m
   left join seed_message b on b.chat = m.chat and b.k = m.k - 1
   join lateral (select min(id) + m.h / 7 % 20 id from "Agent" where sub like 'seeded-%') a on true
   cross join lateral generate_series(0, m.numbers - 1) i
   order by m.at + make_interval(secs => i), m.id`,
];

/** Advances the sequences past the seeded rows. */
const COUNTERS = ["Contact", "Chat", "Message", "Media"].map(
  (table) =>
    `select setval(pg_get_serial_sequence('"${table}"', 'id'), (select coalesce(max(id), 1) from "${table}"))`,
);

export const SEED_STATEMENTS = [...PEOPLE, ...PLAN, ...CHATS, ...MESSAGES, ...EVENTS, ...COUNTERS];
