//! Working time of a ticket: that of its campaign.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::model::WorkingTime;
use crate::{
    db::{DbResult, Tx},
    features::{
        campaigns::{self, Calendar, Schedule},
        people::DEFAULT_ZONE,
    },
    ids::CampaignId,
};

/// Working days after which a resolved ticket closes by itself (domain: tickets, section 2).
const ACCEPTED_AFTER_DAYS: i64 = 5;

/// The calendar of a campaign in its zone.
pub struct Hours {
    calendar: Calendar,
    zone: Tz,
}

impl Hours {
    /// Reads it. A calendar that cannot be read counts as the default one: a ticket is opened all the same.
    pub async fn of(tx: &mut Tx, campaign: CampaignId) -> DbResult<Self> {
        let (calendar, zone) = campaigns::hours_of(tx, campaign).await?;
        let calendar = serde_json::from_value(calendar).unwrap_or_default();
        Ok(Self { calendar, zone: zone.parse().unwrap_or(DEFAULT_ZONE) })
    }

    /// When a ticket that is resolved now closes by itself, unless it is opened again.
    pub fn accepted_after(&self, resolved_at: DateTime<Utc>) -> DateTime<Utc> {
        self.schedule().days_after(resolved_at, ACCEPTED_AFTER_DAYS)
    }

    fn schedule(&self) -> Schedule<'_> {
        Schedule { calendar: &self.calendar, zone: self.zone }
    }
}

impl WorkingTime for Hours {
    fn minutes_between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> i64 {
        self.schedule().working_minutes_between(from, to)
    }

    fn after(&self, from: DateTime<Utc>, minutes: i64) -> DateTime<Utc> {
        self.schedule().after(from, minutes)
    }
}
