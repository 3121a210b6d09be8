"""Each house check finds what is planted for it and is silent on a clean tree."""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "check"))
sys.dont_write_bytecode = True

import coroutines  # noqa: E402
import dead_files  # noqa: E402
import format as format_check  # noqa: E402
import headers_alone  # noqa: E402
import include_direction  # noqa: E402
import outside_paths  # noqa: E402
import pages  # noqa: E402
import summary  # noqa: E402


class Tree(unittest.TestCase):
    """A small tree of files, gone after the test."""

    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="semak-check-"))
        self.addCleanup(shutil.rmtree, self.root)

    def plant(self, name, text=""):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def assert_finds(self, findings, *parts):
        self.assertEqual(len(findings), 1, findings)
        for part in parts:
            self.assertIn(part, findings[0])


class Coroutines(Tree):
    def findings(self, text, name="tools/semakd/http/connection.h"):
        self.plant(name, text)
        return coroutines.check(self.root)

    def test_named_things_and_calls_are_fine(self):
        self.assertEqual(self.findings('auto f = [a] { return a; };\nint x[2] = {1, 2};\nco_await go(f, x[0], "{[");\n'
                                       "while (!co_await more(x[1])) {\n}\n"), [])

    def test_a_lambda_in_the_expression_is_found(self):
        self.assert_finds(self.findings("\nco_await go([a] { return a; });\n"), "connection.h:2", "a lambda")

    def test_an_aggregate_in_the_expression_is_found(self):
        self.assert_finds(self.findings("co_await go(Options{a, b});\n"), "braces")

    def test_a_bare_list_in_the_expression_is_found(self):
        self.assert_finds(self.findings("co_return co_await\n  go({a, b});\n"), "braces")

    def test_coroutines_elsewhere_are_found(self):
        self.assert_finds(self.findings("co_await x;\n", "engine/desk/desk.cc"), "stay in")


class IncludeDirection(Tree):
    def findings(self):
        return include_direction.check(self.root)

    def test_an_include_along_the_flow_is_fine(self):
        self.plant("engine/bits.h")
        self.plant("normalize/text.h", '#include "engine/bits.h"\n#include <unicode/uchar.h>\n')
        self.plant("engine/screen/ingest.h", '#include "normalize/text.h"\n')
        self.assertEqual(self.findings(), [])

    def test_an_include_against_the_flow_is_found(self):
        self.plant("index/lookup.h")
        self.plant("normalize/text.cc", '// why\n#include "index/lookup.h"\n')
        self.assert_finds(self.findings(), "normalize/text.cc:2", "may not include index")

    def test_the_vocabulary_may_not_include_a_room_of_its_own_folder(self):
        self.plant("engine/match/model.h")
        self.plant("engine/policy.h", '#include "engine/match/model.h"\n')
        self.assert_finds(self.findings(), "engine may not include engine/match")

    def test_a_room_without_a_row_is_found(self):
        self.plant("engine/bits.h")
        self.plant("engine/attic/old.h", '#include "engine/bits.h"\n')
        self.assert_finds(self.findings(), "no row")

    def test_only_the_door_of_a_room_may_be_used(self):
        self.plant("engine/store/database.h")
        self.plant("engine/store/record_store.h")
        self.plant("engine/audit/log.cc", '#include "engine/store/database.h"\n#include "engine/store/record_store.h"\n')
        self.assert_finds(self.findings(), "log.cc:2", "only engine/store/bytes.h, engine/store/database.h")

    def test_the_documented_table_must_be_the_one_in_force(self):
        table = """| | engine/*.h | normalize | loaders | index | store | match | keys | audit | screen |
|---|---|---|---|---|---|---|---|---|---|
| normalize | ● | · | | | | | | | |
| engine/audit | ● | | | | ● (`database.h`) | | ● | · | |
"""
        self.plant("ARCHITECTURE.md", table)
        self.assertEqual(self.findings(), [])
        self.plant("ARCHITECTURE.md", table.replace("| ● | · | | |", "| ● | · | ● | |"))
        self.assert_finds(self.findings(), "row of normalize", "loaders")

    def test_an_include_that_is_no_file_of_the_tree_is_found(self):
        self.plant("index/lookup.cc", '#include "lookup.h"\n')
        self.plant("index/lookup.h")
        self.assert_finds(self.findings(), "written from the root")

    def test_a_library_named_outside_its_place_is_found(self):
        for name, header, fine in (("engine/store/record_store.cc", "rocksdb/db.h", "engine/store/database.cc"),
                                   ("loaders/encoding.cc", "unicode/ucnv.h", "normalize/text.cc"),
                                   ("engine/match/model.cc", "tbb/parallel_for.h", "index/index_builder.cc"),
                                   ("tests/index/lookup_test.cc", "unicode/uchar.h", "tests/normalize/text_test.cc"),
                                   ("tests/index/lookup_test.cc", "catch2/catch.hpp", "tests/catch.h")):
            with self.subTest(name):
                self.plant(fine, f"#include <{header}>\n")
                self.assertEqual(self.findings(), [])
                self.plant(name, f"#include <{header}>\n")
                self.assert_finds(self.findings(), name, header)
                (self.root / name).unlink()
                (self.root / fine).unlink()


class HeadersAlone(Tree):
    def findings(self, cache=None):
        return headers_alone.check(self.root, "g++", cache)

    def test_a_header_that_leans_on_another_is_found(self):
        self.plant("engine/bits.h", "#pragma once\n#include <string>\ninline std::string bits() { return {}; }\n")
        self.assertEqual(self.findings(), [])
        self.plant("engine/lean.h", "#pragma once\ninline std::string lean() { return {}; }\n")
        self.assert_finds(self.findings(), "engine/lean.h")

    def test_a_kept_result_does_not_outlive_a_change_below(self):
        cache = self.root / "cache.json"
        self.plant("engine/bits.h", "#pragma once\nstruct Bits {};\n")
        self.plant("index/use.h", '#pragma once\n#include "engine/bits.h"\ninline Bits bits() { return {}; }\n')
        self.assertEqual(self.findings(cache), [])
        self.plant("engine/bits.h", "#pragma once\n")
        self.assert_finds(self.findings(cache), "index/use.h")
        self.assert_finds(self.findings(cache), "index/use.h")


class DeadFiles(Tree):
    def findings(self, *sources):
        commands = [{"directory": str(self.root), "file": name, "command": ""} for name in sources]
        self.plant("build/compile_commands.json", json.dumps(commands))
        return dead_files.check(self.root, self.root / "build/compile_commands.json")

    def test_a_source_that_no_build_line_names_is_found(self):
        self.plant("index/lookup.cc")
        self.plant("tests/index/forgotten_test.cc")
        self.assert_finds(self.findings("index/lookup.cc"), "tests/index/forgotten_test.cc")

    def test_a_header_that_nothing_includes_is_found(self):
        self.plant("index/lookup.h")
        self.plant("index/old.h")
        self.plant("index/lookup.cc", '#include "index/lookup.h"\n')
        self.assert_finds(self.findings("index/lookup.cc"), "index/old.h")

    def test_a_table_that_no_code_reads_is_found(self):
        self.plant("normalize/tables/titles.csv")
        self.plant("normalize/tables/orphan.csv")
        self.plant("normalize/a.cc", "extern const char semak_normalize_titles_begin[];\n")
        self.assert_finds(self.findings("normalize/a.cc"), "orphan.csv")


@unittest.skipUnless(shutil.which(format_check.TOOL), "no " + format_check.TOOL)
class Format(Tree):
    def test_an_unformatted_file_is_found(self):
        shutil.copy(ROOT / ".clang-format", self.root)
        self.plant("engine/neat.h", "int neat();\n")
        self.assertEqual(format_check.check(self.root), [])
        self.plant("engine/messy.h", "int   messy( ) ;\n")
        self.assert_finds(format_check.check(self.root), "engine/messy.h")


class OutsidePaths(Tree):
    def test_a_path_beside_the_checkout_is_found_unless_allowed(self):
        outside = ".." + "/shared/data"
        self.plant(".ci/run", outside)
        self.plant("README.md", "the shared index\n")
        self.assertEqual(outside_paths.check(self.root), [])
        self.plant("bench/notes.txt", f"fine\nsee {outside}\n")
        self.assert_finds(outside_paths.check(self.root), "bench/notes.txt:2")

    @unittest.skipUnless(shutil.which("git"), "there is no git here")
    def test_a_new_file_of_a_repository_is_seen_and_an_ignored_one_is_not(self):
        subprocess.run(["git", "init", "-q", self.root], check=True)
        outside = ".." + "/shared/data"
        self.plant(".gitignore", "/build/\n")
        self.plant("build/log", outside)
        self.plant("new.txt", outside)
        self.assert_finds(outside_paths.check(self.root), "new.txt:1")


class Pages(Tree):
    HELP = {"load": "--db DIR --register NAME", "info": "--db DIR"}

    def findings(self, text):
        self.plant("README.md", text)
        self.plant("Makefile", "test: setup  ## all tests\n")
        return pages.check(self.root, {"semak": self.HELP.get, "semakd": {"serve": "--dir DIR --no-tls"}.get})

    def test_a_command_as_the_program_has_it_is_fine(self):
        self.assertEqual(self.findings("```\nsemak load --db d \\\n  --register r\nmake test\n```\nsee [x](Makefile)\n"), [])

    def test_an_option_that_the_program_lacks_is_found(self):
        self.assert_finds(self.findings("```\nsemak info --db d --pretty\n```\n"), "--pretty")
        self.assert_finds(self.findings("call `semak info --deep` for it\n"), "--deep")

    def test_the_service_is_looked_at_too_and_what_is_set_before_a_command_is_not(self):
        self.assertEqual(self.findings("```\nKEYS=/k semakd serve --dir d --help\n```\n"), [])
        self.assert_finds(self.findings("```\nKEYS=/k semakd serve --loud\n```\n"), "semakd serve", "--loud")
        self.assert_finds(self.findings("`semakd sleep`\n"), "sleep")

    def test_a_command_a_target_or_a_page_that_is_not_there_is_found(self):
        self.assert_finds(self.findings("```\nsemak destroy --db d\n```\n"), "destroy")
        self.assert_finds(self.findings("run `make love`\n"), "make love")
        self.assert_finds(self.findings("see [more](docs/MORE.md)\n"), "docs/MORE.md")


class Summary(Tree):
    def junit(self, *cases):
        body = "".join(f'<testcase name="{name}" status="{status}"><system-out>{output}</system-out></testcase>'
                       for name, status, output in cases)
        self.plant("tests.xml", f"<testsuite>{body}</testsuite>")
        return summary.count(self.root / "tests.xml")

    def test_test_cases_of_a_program_are_counted_one_by_one(self):
        self.assertEqual(self.junit(("a", "run", "All tests passed (9 assertions in 4 test cases)"),
                                    ("b", "fail", "test cases: 5 | 3 passed | 2 failed"),
                                    ("house/format", "run", ""),
                                    ("house/other", "notrun", "skipped")), summary.Count(8, 2, 1))

    def test_a_program_that_died_counts_as_a_failure(self):
        self.assertEqual(self.junit(("a", "fail", "Segmentation fault")), summary.Count(0, 1, 0))
        self.assertEqual(self.junit(("a", "fail", "All tests passed (9 assertions in 4 test cases)\nleak")),
                         summary.Count(4, 1, 0))

    def test_no_result_file_is_a_failure(self):
        self.assertEqual(summary.count(self.root / "absent.xml"), summary.Count(0, 1, 0))


if __name__ == "__main__":
    unittest.main()
