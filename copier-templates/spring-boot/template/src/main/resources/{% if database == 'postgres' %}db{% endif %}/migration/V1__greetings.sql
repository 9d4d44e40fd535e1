-- blissful: reversible (undone by: drop table greetings)
create table greetings (
    name  text   primary key,
    count bigint not null
);
