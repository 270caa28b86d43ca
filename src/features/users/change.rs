//! Changes of an account, each in one transaction with its entry in the audit log and what must happen to the person's
//! screens. Every change passes [`Change::begin`], which holds the rules of who may change whom.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use views::paths;

use super::{
    history::as_json,
    mails,
    model::{self, Actor, Fields, Refusal, Standing},
    queries::{self, UserDetail},
};
use crate::{
    app::App,
    audit::{self, Entry},
    auth::{CurrentUser, Role, throttle, token},
    db::is_unique_violation,
    error::{AppError, AppResult, FieldErrors, TextKey},
    features::{
        access::{self, end_sessions, login_digest, revoke_all, revoke_one},
        chat::leave_campaign_groups,
        people::{colleague_changed, members_changed, rights_changed, set_password},
    },
    ids::{CampaignId, SessionId, UserId},
    live::LiveTx,
    mail,
};

/// An account under change: locked, and allowed to the actor.
pub struct Change<'a> {
    app: &'a App,
    actor: UserId,
    ip: &'a str,
    tx: LiveTx,
    /// What it was.
    pub before: UserDetail,
}

/// What came of storing a form.
pub enum Saved {
    /// Stored.
    Done,
    /// Somebody else was faster.
    Conflict,
    /// Not stored.
    Invalid(FieldErrors),
}

/// The account can no longer be used: sessions, screens and open links end.
pub async fn close(tx: &mut LiveTx, id: UserId, now: DateTime<Utc>) -> AppResult<()> {
    queries::set_state(tx, id, false, now).await?;
    let all = [token::Purpose::Invitation, token::Purpose::Reset, token::Purpose::Email];
    token::revoke_all(tx, id, &all, now).await?;
    end_sessions(tx, id, None, now).await?;
    revoke_all(tx, id);
    Ok(colleague_changed(tx, id).await?)
}

/// Where an account stands.
pub fn standing(user: &UserDetail) -> Standing {
    let (role, is_superuser, is_active) = (user.person.role, user.is_superuser, user.is_active);
    Standing { id: user.person.id, role, is_superuser, is_active }
}

impl<'a> Change<'a> {
    /// Locks the account and checks that `user` may bring it where `to` says; 404 when there is none, 403 when it is out
    /// of reach, 409 for one's own or the last administrator's.
    pub async fn begin(
        app: &'a App,
        user: &CurrentUser,
        ip: &'a str,
        id: UserId,
        to: impl FnOnce(Standing) -> Standing,
    ) -> AppResult<Self> {
        let mut tx = app.live.begin().await?;
        // Before the account's own lock, always: whoever changes administrators waits here.
        queries::lock_administrators(&mut tx, app.clock.now()).await?;
        let before = queries::lock_user(&mut tx, id).await?;
        let (was, becomes) = (standing(&before), to(standing(&before)));
        match model::refuse(Actor { id: user.id, is_superuser: user.is_superuser }, was, becomes) {
            Some(Refusal::NotSuperuser) => return Err(AppError::Forbidden),
            Some(Refusal::Oneself) => return Err(AppError::Conflict(TextKey("people.error.oneself"))),
            None => {}
        }
        if model::needs_another(was, becomes) && !queries::has_other_administrator(&mut tx, id).await? {
            return Err(AppError::Conflict(TextKey("people.error.last_administrator")));
        }
        Ok(Self { app, actor: user.id, ip, tx, before })
    }

    fn id(&self) -> UserId {
        self.before.person.id
    }

    async fn note(&mut self, action: &'static str, before: Value, after: Value) -> AppResult<()> {
        let entry = Entry::new(Some(self.actor), self.ip, action, "app_user", self.id().0);
        Ok(audit::record(&mut self.tx, entry.before(before).after(after), self.app.clock.now()).await?)
    }

    async fn commit(self) -> AppResult<()> {
        self.app.live.commit(self.tx).await
    }

    /// Every session of the person ends, and every screen closes.
    async fn close(&mut self) -> AppResult<()> {
        let id = self.id();
        end_sessions(&mut self.tx, id, None, self.app.clock.now()).await?;
        revoke_all(&mut self.tx, id);
        Ok(())
    }

    /// Stores a form. Role and campaigns count at once, on every screen of the person.
    pub async fn save(mut self, fields: &Fields) -> AppResult<Saved> {
        let (id, now) = (self.id(), self.app.clock.now());
        let former = queries::memberships_in(&mut self.tx, id).await?;
        let document = Some(fields.document.as_str()).filter(|d| !d.is_empty());
        let (has_email, has_document) = queries::list_taken(&mut self.tx, id, &fields.email, document).await?;
        let has_new_email = fields.email != self.before.email;
        let mut errors = FieldErrors::default();
        if has_new_email && id == self.actor {
            errors.add("email", "people.error.own_email");
        } else if has_email {
            errors.add("email", "field.taken");
        }
        if has_document {
            errors.add("document", "field.taken");
        }
        if !errors.0.is_empty() {
            return Ok(Saved::Invalid(errors));
        }
        match queries::update_user(&mut self.tx, id, fields.version, fields, now).await {
            Ok(0) => return Ok(Saved::Conflict),
            Ok(_) => {}
            // Somebody took it between the question and the answer.
            Err(error) if is_unique_violation(&error) => {
                return Ok(Saved::Invalid(FieldErrors::one("email", "field.taken")));
            }
            Err(error) => return Err(error.into()),
        }
        if has_new_email {
            self.follow_email(&fields.email).await?;
        }
        let (joined, left) = fields.moves(&former);
        if !joined.is_empty() {
            queries::join_campaigns(&mut self.tx, id, &joined, now).await?;
        }
        if !left.is_empty() {
            queries::leave_campaigns(&mut self.tx, id, &left).await?;
            for campaign in &left {
                leave_campaign_groups(&mut self.tx, self.app.live.directory(), id, *campaign, now).await?;
            }
        }
        let is_moved = !joined.is_empty() || !left.is_empty();
        let is_promoted = self.before.person.role != fields.role.unwrap_or(Role::Asesor)
            || self.before.is_superuser != fields.is_superuser;
        if is_moved || is_promoted {
            rights_changed(&mut self.tx, &[id]);
        }
        let person = &self.before.person;
        let is_renamed = (&person.first_name, &person.last_name) != (&fields.first_name, &fields.last_name);
        if is_moved || is_promoted || is_renamed {
            colleague_changed(&mut self.tx, id).await?;
            members_changed(&mut self.tx, &left);
        }
        let (before, after) = differences(&self.before, fields, &former);
        self.note("user.update", before, after).await?;
        self.commit().await?;
        Ok(Saved::Done)
    }

    /// Links that lie in the former mailbox, or lead to another address, end. The former address hears of it; that of
    /// somebody who is still awaited was a wrong one, and the right one gets a link of its own.
    async fn follow_email(&mut self, email: &str) -> AppResult<()> {
        let (id, now) = (self.id(), self.app.clock.now());
        token::revoke_all(&mut self.tx, id, &[token::Purpose::Reset, token::Purpose::Email], now).await?;
        if !self.app.mail.is_configured() {
            return Ok(());
        }
        let (l, first_name) = (access::locale_of(&mut *self.tx, id).await?, &*self.before.person.first_name);
        if self.before.is_awaited() {
            queries::set_invited_at(&mut self.tx, id, Some(now), now).await?;
            mails::invite(self.app, &mut self.tx, id, (l, (first_name, email))).await?;
        } else {
            let letter = access::email_changed(l, (first_name, &self.before.email), email);
            mail::queue(&mut self.tx, &letter, now).await?;
        }
        Ok(())
    }

    /// Lets the person sign in again.
    pub async fn enable(mut self) -> AppResult<()> {
        let id = self.id();
        queries::set_state(&mut self.tx, id, true, self.app.clock.now()).await?;
        colleague_changed(&mut self.tx, id).await?;
        self.note("user.enable", json!({}), json!({})).await?;
        self.commit().await
    }

    /// Closes the account: sessions, screens and open links end with it.
    pub async fn disable(mut self) -> AppResult<()> {
        close(&mut self.tx, self.before.person.id, self.app.clock.now()).await?;
        self.note("user.disable", json!({}), json!({})).await?;
        self.commit().await
    }

    /// Forgets wrong passwords.
    pub async fn unlock(mut self) -> AppResult<()> {
        let logins = [Some(self.before.email.as_str()), self.before.document.as_deref()];
        let digests: Vec<String> =
            logins.into_iter().flatten().map(|login| login_digest(&self.app.secret, login)).collect();
        throttle::unlock(&mut self.tx, &digests).await?;
        self.note("user.unlock", json!({}), json!({})).await?;
        self.commit().await
    }

    /// The password no longer works: sessions and screens end, and a link chooses another. `hash` is of a password that
    /// nobody knows. Answers the link, or `None` when it was mailed.
    pub async fn force_reset(mut self, hash: &str) -> AppResult<Option<String>> {
        let (id, now) = (self.id(), self.app.clock.now());
        if id == self.actor {
            return Err(AppError::Conflict(TextKey("people.error.oneself")));
        }
        if !self.before.is_active {
            return Err(AppError::Conflict(TextKey("people.error.inactive")));
        }
        let l = access::locale_of(&mut *self.tx, id).await?;
        set_password(&mut self.tx, id, hash, false, now).await?;
        let token = token::issue(&mut self.tx, id, token::Purpose::Reset, json!({}), now).await?;
        let url = format!("{}{}", self.app.config.public_url, paths::reset(&token));
        let link = mails::send_or_show(self.app, &mut self.tx, &mails::reset(l, &self.before, &url), url).await?;
        self.close().await?;
        self.note("user.reset", json!({}), json!({})).await?;
        self.commit().await?;
        Ok(link)
    }

    /// A new link for who has none that is valid; the former ends. Answers the link, or `None` when it was mailed.
    pub async fn invite_again(mut self) -> AppResult<Option<String>> {
        let (id, now) = (self.id(), self.app.clock.now());
        let l = access::locale_of(&mut *self.tx, id).await?;
        queries::set_invited_at(&mut self.tx, id, Some(now), now).await?;
        let to = (&*self.before.person.first_name, &*self.before.email);
        let link = mails::invite(self.app, &mut self.tx, id, (l, to)).await?;
        self.note("user.invite", json!({}), json!({})).await?;
        self.commit().await?;
        Ok(link)
    }

    /// The link no longer works, and nobody is waited for.
    pub async fn revoke_invitation(mut self) -> AppResult<()> {
        let (id, now) = (self.id(), self.app.clock.now());
        queries::set_invited_at(&mut self.tx, id, None, now).await?;
        token::revoke(&mut self.tx, id, token::Purpose::Invitation, now).await?;
        self.note("user.invitation_revoked", json!({}), json!({})).await?;
        self.commit().await
    }

    /// Ends one session, or all of them; 404 for a session of somebody else.
    pub async fn end_sessions(mut self, session: Option<SessionId>) -> AppResult<()> {
        let (id, now) = (self.id(), self.app.clock.now());
        match session {
            Some(session) => {
                if access::end_session(&mut self.tx, id, session, now).await? == 0 {
                    return Err(AppError::NotFound);
                }
                revoke_one(&mut self.tx, id, session);
            }
            None => self.close().await?,
        }
        self.note("user.sessions", json!({}), json!({})).await?;
        self.commit().await
    }
}

/// What differs between an account and a form, as objects of the same fields.
fn differences(before: &UserDetail, fields: &Fields, former: &[CampaignId]) -> (Value, Value) {
    let (was, is) = (as_json(&before.fields(former)), as_json(fields));
    let changed = was.into_iter().zip(is).filter(|((_, a), (_, b))| a != b);
    let (was, is): (Map<_, _>, Map<_, _>) =
        changed.map(|((n, a), (_, b))| ((n.to_owned(), a), (n.to_owned(), b))).unzip();
    (was.into(), is.into())
}
