-- All that merging may change of messages that stay where they are, or move.
create or replace function amendable_json(m "Message") returns jsonb language sql immutable as $$
  select jsonb_build_object('id', m.id, 'body', m.body, 'content', m.content::text, 'reactions', m.reactions, 'editedAt', m."editedAt",
    'revokedAt', m."revokedAt", 'replyToMessageId', m."replyToMessageId")
$$;
