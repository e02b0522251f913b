-- Whether an admin has undone a merge of these two: then it is not repeated automatically.
create or replace function was_merge_undone(a int, b int) returns bool language sql stable as $$
  select exists (select from "ContactMerge" m where m."contactId" = least(a, b) and m."mergedContactId" = greatest(a, b) and m."undoneAt" is not null)
$$;
