-- The reactions to a group's message, each with the name of who reacted as it is known now (`named_content`).
create or replace function named_reactions(organization int, reactions jsonb) returns jsonb language sql stable as $$
  select coalesce(jsonb_agg(case when r.one->>'sender' is null then r.one else r.one || jsonb_build_object('senderName',
    coalesce(member_name(organization, r.one->>'sender', r.one->>'sender'), r.one->>'senderName')) end order by r.n), '[]')
  from jsonb_array_elements(reactions) with ordinality r(one, n)
$$;
