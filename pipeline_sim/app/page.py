"""Page of the app, which Streamlit runs anew at each change: its menu, and the screen that is chosen."""

import streamlit as st

from pipeline_sim.app.html_parts import STYLE
from pipeline_sim.app.screens.compare_screen import compare_screen
from pipeline_sim.app.screens.decide_screen import decide_screen
from pipeline_sim.app.screens.files_screen import files_screen
from pipeline_sim.app.screens.mix_screen import mix_screen
from pipeline_sim.app.screens.scenario_screen import scenario_screen
from pipeline_sim.app.screens.session import told
from pipeline_sim.app.screens.who_screen import who_screen
from pipeline_sim.app.screens.why_screen import why_screen

SCREENS = {
    "Mix": ("mix", mix_screen),
    "Scenario": ("scenario", scenario_screen),
    "Compare": ("compare", compare_screen),
    "Who": ("who", who_screen),
    "Why": ("why", why_screen),
    "Decide": ("decide", decide_screen),
    "Take away": ("files", files_screen),
}

PLAIN_UPLOAD = """<script>if (!window.plainUpload) {
window.plainUpload = new MutationObserver(() => document.querySelectorAll("[data-testid=stFileUploaderDropzone][role]")
  .forEach(each => each.removeAttribute("role")));
window.plainUpload.observe(document.body, {childList: true, subtree: true}); }
</script>"""  # the area to drop a file on has a name of its own: it is no mere presentation

st.set_page_config(page_title="Training recovery", layout="wide")
st.html(STYLE)
st.html(PLAIN_UPLOAD, unsafe_allow_javascript=True)
chosen = st.navigation(
    [st.Page(screen, title=title, url_path=path, default=path == "mix") for title, (path, screen) in SCREENS.items()],
    position="top",
)
with told():
    chosen.run()
