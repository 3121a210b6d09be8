"""PostgreSQL with pg_trgm, in a cluster of its own that lives as long as the measurement."""

import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile
import time

BIN = next(iter(sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)

# Memory enough for table and index, no parallel workers (one core for everybody), custom plans.
SETTINGS = {"shared_buffers": "2GB", "work_mem": "256MB", "maintenance_work_mem": "1GB", "jit": "off",
            "max_parallel_workers_per_gather": "0", "max_parallel_maintenance_workers": "0", "fsync": "off",
            "autovacuum": "off", "listen_addresses": "''", "random_page_cost": "1.1", "effective_cache_size": "8GB",
            "plan_cache_mode": "force_custom_plan"}

ASK = """
CREATE TABLE asked (query int, took float8, ids int[]);
CREATE FUNCTION ask(statement text, most int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE q record; begun timestamptz; found int[];
BEGIN
  FOR q IN SELECT id, name FROM queries WHERE id < most ORDER BY id LOOP
    begun := clock_timestamp();
    EXECUTE 'SELECT array_agg(id) FROM (' || statement || ') best' INTO found USING q.name;
    INSERT INTO asked VALUES (q.id, extract(epoch FROM clock_timestamp() - begun) * 1e6, found);
  END LOOP;
END $$;
"""
STATEMENTS = {"gin": "SELECT id FROM people WHERE name % $1 ORDER BY similarity(name, $1) DESC, id LIMIT 5",
              "gist": "SELECT id FROM people ORDER BY name <-> $1 LIMIT 5"}


class Missing(Exception):
    pass


class Cluster:
    """A server on a socket in a temporary folder, pinned to one core, run by a user who is not root."""

    def __init__(self, core):
        if BIN is None:
            raise Missing("PostgreSQL is not installed (apt-get install postgresql postgresql-contrib)")
        self.user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="semak-peers-"))
        self.core = core
        if os.geteuid() == 0:
            shutil.chown(self.folder, self.user)

    def words(self, *command):
        words = [str(word) for word in command]
        return ["runuser", "-u", self.user, "--", *words] if os.geteuid() == 0 else words

    def run(self, *command, text=None):
        done = subprocess.run(self.words(*command), input=text, capture_output=True, text=True, cwd="/")
        if done.returncode != 0:
            raise Missing(f"{command[0]}: {done.stderr.strip()}")
        return done.stdout

    def __enter__(self):
        data = self.folder / "data"
        self.run(BIN / "initdb", "-D", data, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = [word for key, value in SETTINGS.items() for word in ("-c", f"{key}={value.strip(chr(39))}")]
        self.server = subprocess.Popen(
            ["taskset", "-c", str(self.core), *self.words(BIN / "postgres", "-D", data, "-k", self.folder, *options)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
        for _ in range(100):
            time.sleep(0.2)
            if subprocess.run(self.words(BIN / "pg_isready", "-q", "-h", self.folder), cwd="/").returncode == 0:
                return self
        raise Missing("PostgreSQL does not start")

    def __exit__(self, *_):
        try:
            self.run(BIN / "pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop")
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def sql(self, text):
        return self.run(BIN / "psql", "-h", self.folder, "-d", "postgres", "-qAt", "-v", "ON_ERROR_STOP=1", text=text)

    def fill(self, names, queries):
        def copy(table, lines):
            rows = "".join(f"{number}\t{line}\n" for number, line in enumerate(lines))
            self.sql(f"COPY {table} FROM stdin;\n{rows}\\.\n")
        self.sql("CREATE EXTENSION pg_trgm; CREATE TABLE people (id int, name text);"
                 "CREATE TABLE queries (id int, name text);" + ASK)
        copy("people", names)
        copy("queries", queries)

    def ask(self, kind, count, threshold=0.3, siglen=64):
        """-> (times in microseconds as (processor, wall), ids), facts about the index"""
        index = {"gin": "USING gin (name gin_trgm_ops)",
                 "gist": f"USING gist (name gist_trgm_ops(siglen={siglen}))"}[kind]
        begun = time.monotonic()
        self.sql(f"DROP INDEX IF EXISTS by_name; CREATE INDEX by_name ON people {index}; VACUUM ANALYZE people;")
        facts = {"build_seconds": time.monotonic() - begun,
                 "index_mb": int(self.sql("SELECT pg_relation_size('by_name')")) / 1e6,
                 "table_mb": int(self.sql("SELECT pg_relation_size('people')")) / 1e6}
        statement = STATEMENTS[kind].replace("'", "''")
        # processor time: that of the server process of this session, read by the session itself
        used = ("SELECT (string_to_array(regexp_replace(pg_read_file('/proc/' || pg_backend_pid() || '/stat'), "
                "'.*\\) ', ''), ' '))[12:13];")
        output = self.sql(f"SET pg_trgm.similarity_threshold = {threshold}; SELECT ask('{statement}', 3);"
                          f"TRUNCATE asked; {used} SELECT ask('{statement}', {count}); {used}"
                          "SELECT took, array_to_string(ids, ' ') FROM asked ORDER BY query;")
        ticks, rows = [], []
        for line in filter(None, output.splitlines()):
            if line.startswith("{"):
                ticks.append(sum(map(int, line.strip("{}").split(","))))
            else:
                took, ids = line.split("|")
                rows.append((float(took), [int(each) for each in ids.split()]))
        cpu = 1e6 * (ticks[1] - ticks[0]) / os.sysconf("SC_CLK_TCK")
        wall = sum(took for took, _ in rows)
        share = min(1.0, cpu / wall)  # the server tells wall time of each query and processor time of all
        facts["processor_share_of_wall"] = share
        return [((took * share, took), ids) for took, ids in rows], facts
