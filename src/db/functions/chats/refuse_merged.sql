-- Keeps a merged chat from taking new numbers: 40001 makes a caller that waited for its lock retry, and find the message or
-- the contact where it is now. One safeguard for every function that numbers changes.
create or replace function refuse_merged() returns trigger language plpgsql as $$
declare
  merged int;
begin
  if tg_op = 'INSERT' then
    select k."mergedIntoId" into merged from "Contact" k where k.id = new."contactId" for key share;
    if merged is null then return new; end if;
  end if;
  raise exception 'the contact or chat was merged meanwhile' using errcode = '40001';
end $$;
create or replace trigger refuse_merged_chat before update of head on "Chat" for each row
  when (old."mergedIntoId" is not null and new."mergedIntoId" is not null and new.head > old.head) execute function refuse_merged();
create or replace trigger refuse_merged_contact before insert on "Chat" for each row execute function refuse_merged();
