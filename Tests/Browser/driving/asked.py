"""Makes codex itself send requests other than approvals. Its features for that are off by default."""

import json
from pathlib import Path
from uuid import uuid4

from harness import paths

from .chat import Chat
from .forms import ELICITATION, PERMISSIONS, QUESTIONS, Form

CONFIG = """[features]
default_mode_request_user_input = true
request_permissions_tool = true
[mcp_servers.desk]
command = PYTHON
args = [SERVER]
"""


def config() -> str:
    server = paths.for_the_agent(Path(__file__).with_name("asking_mcp.py"))
    return CONFIG.replace("PYTHON", json.dumps(paths.SYSTEM_PYTHON)).replace("SERVER", json.dumps(str(server)))


WHY = "I need to read the nginx logs and to reach the status page."


def questions(mark: str) -> dict:
    live = {"label": "Production", "description": "Live traffic; read-only commands only"}
    options = [live, {"label": "Staging", "description": "No traffic"}]
    where = {"id": "where", "header": "Environment", "question": "Which environment should I look at?", "options": options}
    hours = [{"label": "1 hour", "description": "Fast"}, {"label": "24 hours", "description": "Catches the nightly job"}]
    since = {"id": "since", "header": "Window", "question": f"How far back should I read? {mark}", "options": hours}
    return {"question": {"questions": [where, since]}}


def elicitation(mark: str) -> dict:
    properties = {
        "name": {"type": "string", "title": "On call", "description": f"Who is told. {mark}"},
        "minutes": {"type": "integer", "title": "Minutes", "minimum": 1, "maximum": 60},
        "level": {"type": "string", "title": "Severity", "enum": ["low", "high"]},
        "note": {"type": "string", "title": "Note", "maxLength": 80},
        "page": {"type": "boolean", "title": "Call them now"},
    }
    schema = {"type": "object", "properties": properties, "required": ["name", "level"]}
    call = {"message": "Who takes over, and when?", "requestedSchema": schema}
    return {"tool": {"name": "ask", "namespace": "mcp__desk", "arguments": call}}


def permissions(mark: str) -> dict:
    wanted = {"network": {"enabled": True}, "file_system": {"read": ["/var/log/nginx"], "write": [f"/etc/nginx-{mark}"]}}
    return {"tool": {"name": "request_permissions", "arguments": {"reason": WHY, "permissions": wanted}}}


ASKED = {
    QUESTIONS: (questions, ""),
    ELICITATION: (elicitation, "desk · ask"),
    PERMISSIONS: (permissions, "request_permissions"),
}


def ask(here: Chat, kind: str) -> tuple[Form, str]:
    """The form, and a marker that identifies the model's requests."""
    step, gate = ASKED[kind]
    mark = uuid4().hex[:8]
    here.play(step(mark), {"text": "thank you"})
    form = Form(here)
    if gate:
        form.past_the_gate(gate)
    return form.of_kind(kind), mark
