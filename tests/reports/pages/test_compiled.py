"""Compiled templates are kept where they can be, and nothing depends on it."""

from __future__ import annotations

import sys

import pytest
from jinja2 import Environment, FileSystemLoader
from steadymile.reports.rendering import compiled


def environment(tmp_path, text: str) -> Environment:
    templates = tmp_path / "templates"
    templates.mkdir(exist_ok=True)
    (templates / "a.html").write_text(text)
    folder = tmp_path / "compiled"
    folder.mkdir(exist_ok=True)
    return Environment(loader=FileSystemLoader(templates), autoescape=True, bytecode_cache=compiled(folder))


@pytest.fixture(autouse=True)
def kept(monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)


def test_a_template_is_compiled_once(tmp_path, monkeypatch):
    environment(tmp_path, "{{ a }}").get_template("a.html")
    again = environment(tmp_path, "{{ a }}")
    monkeypatch.setattr(again, "compile", None)
    assert again.get_template("a.html").render(a="<") == "&lt;"


def test_a_changed_template_is_compiled_again(tmp_path):
    environment(tmp_path, "{{ a }}").get_template("a.html")
    assert environment(tmp_path, "{{ a }}!").get_template("a.html").render(a=1) == "1!"


@pytest.mark.parametrize("cut", [0, 3, 40, -1])
def test_a_damaged_file_costs_only_its_speed(tmp_path, cut):
    environment(tmp_path, "{{ a }}").get_template("a.html")
    (file,) = (tmp_path / "compiled").iterdir()
    file.write_bytes(file.read_bytes()[:cut])
    assert environment(tmp_path, "{{ a }}").get_template("a.html").render(a=1) == "1"


def test_a_folder_that_cannot_be_written_costs_only_its_speed(tmp_path):
    made = environment(tmp_path, "{{ a }}")
    (tmp_path / "compiled").rmdir()
    assert made.get_template("a.html").render(a=1) == "1"


def test_python_told_to_write_no_compiled_files_writes_none(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    environment(tmp_path, "{{ a }}").get_template("a.html")
    assert list((tmp_path / "compiled").iterdir()) == []
