//! Every element id that a swap may target.

/// An element id, as attribute value or as target.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DomId(String);

impl DomId {
    /// The value of an `id` attribute.
    pub fn id(&self) -> &str {
        &self.0
    }

    /// The id of a named part of the element.
    #[must_use]
    pub fn part(&self, name: &str) -> Self {
        Self(format!("{}-{name}", self.0))
    }

    /// The CSS selector of the element.
    pub fn target(&self) -> String {
        format!("#{}", self.0)
    }
}

/// A person in the list of who is in a group.
pub fn member(conversation: &str, user: &str) -> DomId {
    DomId(format!("in-{conversation}-{user}"))
}

/// Ids that exist once in a page.
macro_rules! single {
    ($($(#[$doc:meta])* $name:ident = $id:literal;)*) => {$(
        $(#[$doc])*
        pub fn $name() -> DomId {
            DomId($id.to_owned())
        }
    )*};
}

/// Ids made of a prefix and the record's UUID; the prefix makes them valid selectors.
macro_rules! of_record {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        pub fn $name(id: &str) -> DomId {
            DomId(format!(concat!($prefix, "-{}"), id))
        }
    )*};
}

single! {
    /// The page's own region, replaced by navigation.
    main = "main";
    /// Where toasts are added.
    toasts = "toasts";
    /// The dialog that answers may fill.
    dialog = "dialog";
    /// The element that holds the socket.
    live = "live";
    /// The menu of who is signed in.
    me = "me";
    /// The list of conversations on the chat page.
    conversation_list = "conversations";
    /// The list of conversations beyond the first page, which no live row enters.
    conversations_after = "conversations-after";
    /// Direct conversations alone, on the chat page.
    conversations_direct = "conversations-direct";
    /// Groups and what is about records alone.
    conversations_group = "conversations-group";
    /// Mass messages alone.
    conversations_broadcast = "conversations-broadcast";
    /// The section with a person's pinned conversations.
    pinned = "pinned";
    /// The list of conversations in the dock.
    dock_list = "dock-conversations";
    /// Unread messages, in the top bar.
    unread_total = "unread-total";
    /// Unread messages, on the rail.
    unread_rail = "unread-rail";
    /// The template of a message that is being sent.
    message_template = "message-template";
    /// The menu of what one may do with a message.
    message_menu = "message-menu";
    /// The names that a message may mention.
    mentions = "mentions";
    /// The agent state menu.
    agent_state = "agent-state";
    /// The people one may write to.
    recipients = "recipients";
    /// Who may be ticked for a group.
    picks = "picks";
    /// What a search found.
    results = "results";
    /// What came of an import.
    import = "import";
    /// The rows of a list page, with its chips and pager.
    list = "list";
    /// Messages that a search found.
    hits = "hits";
    /// Zones to suggest for a campaign.
    zones = "zones";
    /// The members of a campaign.
    insiders = "insiders";
    /// The people who may be made members.
    outsiders = "outsiders";
    /// The holidays of a campaign.
    holidays = "holidays";
    /// Critical messages that wait for their confirmation.
    critical = "critical";
    /// Alarms that ring.
    ringing = "ringing";
    /// The list of one's own alarms.
    alarms = "alarms";
    /// Whom a mass message would reach.
    broadcast_preview = "mass-preview";
    /// People to tick for a mass message.
    broadcast_people = "mass-people";
    /// The list of mass messages.
    broadcasts = "broadcasts";
    /// The person's campaigns, on the start page.
    home_campaigns = "my-campaigns";
    /// Who is there, on the start page.
    colleagues = "colleagues";
    /// The instances of the live engine.
    instances = "instances";
    /// What opens the filters of a list on a narrow screen.
    filter_fold = "filter-fold";
    /// How many filters of a list are in force.
    filter_count = "filter-count";
    /// What opens the filters of a list that are seldom used, on a wide screen.
    filter_rare = "filter-rare";
    /// How many of those are in force.
    filter_rare_count = "filter-rare-count";
    /// The list of tickets, with its tabs.
    tickets = "tickets";
    /// The tabs of the list of tickets.
    ticket_tabs = "ticket-tabs";
    /// The way from the list of tickets to its spreadsheet.
    ticket_export = "ticket-export";
    /// The filters of the list of tickets that are kept, and its columns.
    ticket_views = "ticket-views";
    /// The form that changes several tickets at once.
    ticket_bulk = "ticket-bulk";
    /// Its key.
    ticket_bulk_key = "ticket-bulk-key";
    /// What came of it.
    ticket_results = "ticket-results";
    /// Tickets in columns.
    ticket_board = "ticket-board";
    /// Figures and charts over tickets.
    ticket_figures = "ticket-figures";
    /// Who has read a mass message.
    roll_call = "roll-call";
}

of_record! {
    /// An instance of the live engine.
    instance = "instance";
    /// A conversation in the list.
    conversation_row = "c";
    /// A conversation in the dock.
    dock_row = "d";
    /// A conversation among the pinned ones.
    pinned_row = "pin";
    /// Unread messages of a pinned conversation.
    pinned_unread = "pu";
    /// The panel of a conversation.
    talk = "talk";
    /// The name of a group in its panel.
    talk_title = "title";
    /// How many people are in a group.
    member_count = "people";
    /// Who is in a group.
    members = "members";
    /// The form that renames a group.
    rename = "rename";
    /// What one may do with a conversation for oneself.
    talk_menu = "menu";
    /// Unread messages of a conversation in the list.
    unread = "u";
    /// Unread messages of a conversation in the dock.
    dock_unread = "du";
    /// The messages of a conversation.
    messages = "m";
    /// A message.
    message = "msg";
    /// Who has read the last message of a conversation.
    seen = "seen";
    /// Their names.
    seen_names = "seen-names";
    /// What a message quotes, by the id of the message that quotes.
    quote = "quote";
    /// Messages of a conversation that are not its last ones.
    stretch = "mw";
    /// The control that loads newer messages of a conversation.
    newer = "newer";
    /// The control that loads older messages of a conversation.
    older = "older";
    /// The form that writes into a conversation.
    composer = "w";
    /// A row of the list of users.
    user_row = "user";
    /// A row of the list of campaigns.
    campaign_row = "campaign";
    /// A row of the list of employees.
    employee_row = "employee";
    /// A row of the audit log.
    audit_row = "audit";
    /// A critical message that waits for its confirmation.
    critical_card = "crit";
    /// An alarm that rings.
    alarm = "alarm";
    /// A recipient's own answer to a mass message.
    broadcast_confirm = "confirm";
    /// A row of the list of tickets.
    ticket_row = "ticket";
    /// A ticket on the board.
    ticket_card = "ticket-card";
    /// Number, subject and marks of a ticket's page.
    ticket_head = "ticket-head";
    /// Who asked for what.
    ticket_words = "ticket-words";
    /// What is known of a ticket.
    ticket_facts = "ticket-facts";
    /// What one may do with a ticket.
    ticket_actions = "ticket-actions";
    /// The timeline of a ticket.
    ticket_entries = "ticket-entries";
    /// A row of a timeline.
    ticket_entry = "entry";
    /// That nothing more is said in a ticket.
    ticket_closed = "ticket-closed";
    /// Who follows a ticket.
    ticket_followers = "ticket-followers";
    /// Canned answers beside a comment.
    ticket_macros = "ticket-macros";
    /// The form that says something in a ticket.
    ticket_composer = "ticket-composer";
    /// Where a ticket stands, in a list or on its page.
    ticket_status = "ticket-status";
    /// How much a ticket matters, in a list or on its page.
    ticket_priority = "ticket-priority";
    /// Who works on a ticket, in a list or on its page.
    ticket_assignee = "ticket-assignee";
    /// Until when a mass message asks for something.
    broadcast_ends = "ends";
}
