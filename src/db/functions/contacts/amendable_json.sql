-- The columns of a message that a merge may change, whether the message moves or not.
create or replace function amendable_json(m "Message") returns jsonb language sql immutable as $$
  select jsonb_build_object('id', m.id, 'body', m.body, 'content', m.content::text, 'mediaId', m."mediaId", 'reactions', m.reactions, 'editedAt', m."editedAt",
    'revokedAt', m."revokedAt", 'replyToMessageId', m."replyToMessageId")
$$;
