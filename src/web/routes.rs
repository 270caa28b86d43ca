//! Routes with the permission that each needs. Declaring is enforcing: there is no route without one, and a test can
//! walk the table. Stands in for a `Can<…>` parameter, which a table cannot list.

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    handler::Handler,
    http::Method,
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
    routing::{MethodFilter, MethodRouter, on},
};

use crate::{
    app::App,
    auth::{Capability, CurrentUser, Scope},
    error::AppError,
};

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everyone, signed in or not.
    Public,
    /// Everyone who is signed in; about themselves.
    SignedIn,
    /// Who has the capability, in any scope; the handler's query limits the records.
    Can(Capability),
}

impl Access {
    /// # Errors
    /// 401 without a person, 403 without the capability.
    pub fn check(self, user: Option<&CurrentUser>) -> Result<(), AppError> {
        match (self, user) {
            (Self::Public, _) | (Self::SignedIn, Some(_)) => Ok(()),
            (Self::SignedIn | Self::Can(_), None) => Err(AppError::Unauthenticated),
            (Self::Can(capability), Some(user)) if user.scope(capability) > Scope::None => Ok(()),
            (Self::Can(_), Some(_)) => Err(AppError::Forbidden),
        }
    }
}

/// A declared route.
#[derive(Clone, Debug)]
pub struct Declared {
    /// GET or POST.
    pub method: Method,
    /// The pattern, as `/chat/{id}`.
    pub path: &'static str,
    /// Who may use it.
    pub access: Access,
}

/// A feature's routes under construction.
#[derive(Default)]
pub struct Routes {
    router: Router<App>,
    declared: Vec<Declared>,
}

impl Routes {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A page or fragment.
    #[must_use]
    pub fn get<H: Handler<T, App>, T: 'static>(self, path: &'static str, access: Access, handler: H) -> Self {
        self.add(Method::GET, path, access, on(MethodFilter::GET, handler))
    }

    /// A write.
    #[must_use]
    pub fn post<H: Handler<T, App>, T: 'static>(self, path: &'static str, access: Access, handler: H) -> Self {
        self.add(Method::POST, path, access, on(MethodFilter::POST, handler))
    }

    /// A write whose body may be so long, instead of what a form may be: longer for files, shorter for a word.
    #[must_use]
    pub fn post_up_to<H: Handler<T, App>, T: 'static>(
        self,
        path: &'static str,
        access: Access,
        max_bytes: usize,
        handler: H,
    ) -> Self {
        let route = on(MethodFilter::POST, handler).layer(DefaultBodyLimit::max(max_bytes));
        self.add(Method::POST, path, access, route)
    }

    fn add(mut self, method: Method, path: &'static str, access: Access, route: MethodRouter<App>) -> Self {
        let guarded = route.layer(middleware::from_fn(move |request, next| guard(access, request, next)));
        self.router = self.router.route(path, guarded);
        self.declared.push(Declared { method, path, access });
        self
    }

    /// These and those.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.declared.extend(other.declared);
        self
    }

    /// The table of permissions.
    pub fn declared(&self) -> &[Declared] {
        &self.declared
    }

    /// The router, to be wrapped by the middleware stack.
    pub fn into_router(self) -> Router<App> {
        self.router
    }
}

async fn guard(access: Access, request: Request, next: Next) -> Response {
    match access.check(request.extensions().get::<CurrentUser>()) {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}
