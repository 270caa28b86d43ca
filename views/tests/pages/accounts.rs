//! Pages of one's own account, of the second factor, and of links that were mailed.

use maud::Markup;
use views::account::{
    self, AccessRow, CodesView, Enrolment, ProfileView, QrView, SecurityView, SessionRow, TwoFactorView,
};
use views::layout::{Look, Nav, plain_page};
use views::presence::PersonView;
use views::reset::{self, ChooseView, RequestView};
use views::sign_in::{self, CodeView};

use super::{HOSTILE, LONG, at, id, inside};

fn profile_view() -> ProfileView {
    ProfileView {
        me: PersonView { id: id(1), role: "asesor".into(), photo_version: 7, ..PersonView::default() },
        first_name: LONG.into(),
        last_name: HOSTILE.into(),
        greta_user: "ana.b".into(),
        phone: "300 123 4567".into(),
        email: "ana.beltran@ejemplo.com".into(),
        new_email: "ana".into(),
        can_mail: true,
        campaigns: vec!["Retención móvil".into(), "Cobranzas Bogotá".into()],
        errors: vec![
            ("email".into(), "field.email".into()),
            ("phone".into(), "field.phone".into()),
            ("photo".into(), "photo.error.type".into()),
        ],
        saved: true,
        mailed_to: Some(HOSTILE.into()),
        ..ProfileView::default()
    }
}

fn security_view() -> SecurityView {
    let session = |n, ip: &str, agent: &str, current| SessionRow {
        id: id(n),
        ip: ip.into(),
        agent: agent.into(),
        created: at(8, 1),
        seen: at(14, 30),
        current,
    };
    SecurityView {
        email: "ana.beltran@ejemplo.com".into(),
        must_change: false,
        errors: vec![
            ("password".into(), "password.too_short".into()),
            ("current".into(), "password.wrong_current".into()),
        ],
        saved: true,
        factor_since: Some(at(9, 12)),
        codes_left: 1,
        accesses: vec![AccessRow { at: at(8, 1), ip: "2001:db8::7".into(), agent: LONG.into() }],
        sessions: vec![
            session(301, "190.24.10.7", "Chrome 142 en Windows", true),
            session(302, "2800:484:1d80:3a00:7c1e:8ff2:41aa:9b10", "Safari en iPhone", false),
        ],
    }
}

/// Each page with its name.
pub fn all(look: Look) -> Vec<(&'static str, Markup)> {
    let l = look.locale;
    let must_change = SecurityView { must_change: true, ..security_view() };
    let wrong_code = vec![("code".into(), "factor.wrong".into()), ("last_code".into(), "factor.locked".into())];
    let enrolling = TwoFactorView {
        enrolment: Some(Enrolment { qr: QrView { side: 9, path: "M4 4h1v1h-1z".into() }, key: "GEZD GNBV".into() }),
        is_forced: true,
        errors: wrong_code.clone(),
        ..TwoFactorView::default()
    };
    let enrolled =
        TwoFactorView { since: Some(at(9, 12)), codes_left: 10, errors: wrong_code, ..TwoFactorView::default() };
    let required = TwoFactorView { is_required: true, errors: vec![], ..enrolled.clone() };
    let codes = CodesView { codes: vec!["abcde-fghjk".into(), "23456-789ab".into()], next: "/".into() };
    let code_wrong = CodeView { error_key: Some("sign_in.wrong_code".into()), wait_s: Some(840) };
    let asked = RequestView { can_mail: true, sent: false, error_key: Some("reset.locked".into()) };
    let choosing = ChooseView {
        action: "/reset/1".into(),
        title_key: "reset.choose".into(),
        email: HOSTILE.into(),
        errors: vec![("password_again".into(), "password.mismatch".into())],
    };
    vec![
        ("account", inside(look, Nav::Account, "Mi cuenta", account::profile(l, &profile_view()))),
        (
            "account-bare",
            inside(
                look,
                Nav::Account,
                "Mi cuenta",
                account::profile(l, &ProfileView { me: profile_view().me, ..ProfileView::default() }),
            ),
        ),
        ("security", inside(look, Nav::Account, "Mi cuenta", account::security(l, &security_view()))),
        ("security-first", inside(look, Nav::Account, "Mi cuenta", account::security(l, &must_change))),
        ("look", inside(look, Nav::Account, "Mi cuenta", account::look(l, look))),
        ("factor", inside(look, Nav::Account, "Verificación", account::two_factor(l, &TwoFactorView::default()))),
        ("factor-enrol", plain_page(&look, "Verificación", account::two_factor(l, &enrolling))),
        ("factor-on", inside(look, Nav::Account, "Verificación", account::two_factor(l, &enrolled))),
        ("factor-must", inside(look, Nav::Account, "Verificación", account::two_factor(l, &required))),
        ("factor-codes", plain_page(&look, "Códigos", account::codes(l, true, &codes))),
        ("sign-in-code", plain_page(&look, "Código", sign_in::code(l, &code_wrong))),
        ("reset", plain_page(&look, "Recuperar", reset::request(l, &asked))),
        ("reset-sent", plain_page(&look, "Recuperar", reset::request(l, &RequestView { sent: true, ..asked.clone() }))),
        ("reset-no-mail", plain_page(&look, "Recuperar", reset::request(l, &RequestView::default()))),
        ("reset-choose", plain_page(&look, "Elegir", reset::choose(l, &choosing))),
        ("link-over", plain_page(&look, "Enlace", reset::over(l))),
        ("email-confirm", plain_page(&look, "Correo", reset::confirm_email(l, "/account/email/1", HOSTILE))),
        ("email-changed", plain_page(&look, "Correo", reset::email_changed(l, LONG))),
    ]
}
