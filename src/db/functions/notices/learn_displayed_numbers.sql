-- Remembers what Meta displays for each number of a batch: pairs of `phoneNumberId` and `displayPhoneNumber` (digits).
create or replace function learn_displayed_numbers(pairs json) returns void language plpgsql
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  -- Checked first: almost always nothing is new. Ordered, so that two calls lock in the same order.
  insert into "DisplayedNumber" ("phoneNumberId", "displayPhoneNumber")
  select p."phoneNumberId", p."displayPhoneNumber"
  from json_to_recordset(pairs) p("phoneNumberId" text, "displayPhoneNumber" text)
  where not exists (select from "DisplayedNumber" d
    where d."phoneNumberId" = p."phoneNumberId" and d."displayPhoneNumber" = p."displayPhoneNumber")
  order by 1, 2 on conflict do nothing;
end $$;
