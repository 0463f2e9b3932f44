#!/usr/bin/python3
"""A window of WebKitGTK for WebKitWebDriver: a page and nothing around it, so that it can be as narrow as a phone, and its console on the standard error.

The engine's own small browser has a tool bar that keeps it wide, and prints no console while it is driven.
"""

import os

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gtk, WebKit2  # noqa: E402

home = os.environ["HOME"]
data = WebKit2.WebsiteDataManager(base_data_directory=f"{home}/data", base_cache_directory=f"{home}/cache")
context = WebKit2.WebContext.new_with_website_data_manager(data)
context.set_automation_allowed(True)
view = WebKit2.WebView(
    web_context=context,
    settings=WebKit2.Settings(enable_write_console_messages_to_stdout=True),
    is_controlled_by_automation=True,
)


def start(_, session):
    about = WebKit2.ApplicationInfo()
    about.set_name("WebKitGTK")
    about.set_version(
        WebKit2.get_major_version(), WebKit2.get_minor_version(), WebKit2.get_micro_version()
    )
    session.set_application_info(about)
    session.connect("create-web-view", lambda _: view)


context.connect("automation-started", start)
view.connect("close", lambda _: Gtk.main_quit())
window = Gtk.Window(default_width=1100, default_height=800)
window.connect("destroy", lambda _: Gtk.main_quit())
window.add(view)
window.show_all()
Gtk.main()
