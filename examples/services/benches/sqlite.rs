//! SQLite: three readers and a writer of one database file, by the way in which it keeps its journal.

use std::time::Duration;

use rusqlite::{Connection, Error};
use scalebench::scale_bench_group;
use scalebench_services::keys::Keys;
use tempfile::TempDir;

const ROWS: u64 = 10_000;

/// A database in a folder of its own, which goes with it.
struct Database {
    folder: TempDir,
    journal: &'static str,
}

impl Database {
    fn create(journal: &'static str) -> Result<Self, Box<dyn std::error::Error>> {
        let folder = TempDir::with_prefix("scalebench-sqlite-")?;
        let database = Self { folder, journal };
        let connection = database.connect()?;
        connection.execute_batch("CREATE TABLE item (id INTEGER PRIMARY KEY, value INTEGER)")?;
        let fill = "WITH RECURSIVE n(i) AS (VALUES(0) UNION ALL SELECT i + 1 FROM n LIMIT ?)
                    INSERT INTO item SELECT i, i FROM n";
        connection.execute(fill, [ROWS.cast_signed()])?;
        Ok(database)
    }

    /// A connection, which belongs to one thread.
    fn connect(&self) -> Result<Connection, Error> {
        let connection = Connection::open(self.folder.path().join("items.db"))?;
        // First of all: to change the journal takes the lock.
        connection.busy_timeout(Duration::from_secs(20))?;
        connection.pragma_update(None, "journal_mode", self.journal)?;
        // As most programs have it: a crash of the program loses nothing.
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        Ok(connection)
    }
}

#[scale_bench_group(threads = [1, 2, 4, 8])]
mod journal {
    use super::*;

    #[shared]
    fn database(
        #[values("wal", "delete")] mode: &'static str,
    ) -> Result<Database, Box<dyn std::error::Error>> {
        Database::create(mode)
    }

    #[role(share = 3)]
    fn read(
        database: &Database,
        #[with(database.connect()?)] connection: &mut Connection,
        #[with(Keys::of(thread.index(), ROWS))] keys: &mut Keys,
    ) -> i64 {
        let mut statement = connection
            .prepare_cached("SELECT value FROM item WHERE id = ?")
            .expect("a statement");
        let value = statement.query_row([keys.draw().cast_signed()], |row| row.get(0));
        value.expect("a row")
    }

    #[role(share = 1)]
    fn write(
        database: &Database,
        #[with(database.connect()?)] connection: &mut Connection,
        #[with(Keys::of(thread.index(), ROWS))] keys: &mut Keys,
    ) -> usize {
        let mut statement = connection
            .prepare_cached("UPDATE item SET value = value + 1 WHERE id = ?")
            .expect("a statement");
        statement
            .execute([keys.draw().cast_signed()])
            .expect("a write")
    }
}

scalebench::main!();
