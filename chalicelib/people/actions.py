"""Everything that can be done with people, by one name; each stands in a module of its own."""

from chalicelib.people.api_keys import create_api_key, list_api_keys, revoke_api_key, tenant_of_api_key
from chalicelib.people.codes import confirm_code, send_code
from chalicelib.people.sessions import close_all_sessions, close_session, open_session, session_of
from chalicelib.people.staff import invite_staff, remove_staff

__all__ = [
    "close_all_sessions",
    "close_session",
    "confirm_code",
    "create_api_key",
    "invite_staff",
    "list_api_keys",
    "open_session",
    "remove_staff",
    "revoke_api_key",
    "send_code",
    "session_of",
    "tenant_of_api_key",
]
