//! redb, an embedded key-value store: reads see a snapshot, and there is one writer at a time.

use redb::{Database, Durability, ReadableDatabase, TableDefinition};
use scalebench::scale_bench;
use scalebench_services::keys::Keys;
use tempfile::TempDir;

type Fault = Box<dyn std::error::Error>;

const ITEMS: TableDefinition<'_, u64, u64> = TableDefinition::new("items");
const KEYS: u64 = 10_000;

/// A store in a folder of its own, which goes with it.
struct Store {
    database: Database,
    _folder: TempDir,
}

impl Store {
    fn create() -> Result<Self, Fault> {
        let folder = TempDir::with_prefix("scalebench-redb-")?;
        let database = Database::create(folder.path().join("items.redb"))?;
        let transaction = database.begin_write()?;
        {
            let mut table = transaction.open_table(ITEMS)?;
            for key in 0..KEYS {
                table.insert(key, key)?;
            }
        }
        transaction.commit()?;
        Ok(Self {
            database,
            _folder: folder,
        })
    }

    fn get(&self, key: u64) -> Result<Option<u64>, redb::Error> {
        let transaction = self.database.begin_read()?;
        let table = transaction.open_table(ITEMS)?;
        Ok(table.get(key)?.map(|value| value.value()))
    }

    fn set(&self, key: u64, value: u64, durability: Durability) -> Result<(), redb::Error> {
        let mut transaction = self.database.begin_write()?;
        transaction.set_durability(durability)?;
        {
            let mut table = transaction.open_table(ITEMS)?;
            table.insert(key, value)?;
        }
        Ok(transaction.commit()?)
    }
}

/// A transaction that reads one key.
#[scale_bench(threads = [1, 2, 4])]
fn read(
    #[with(Store::create()?)] store: &Store,
    #[with(Keys::of(thread.index(), KEYS))] keys: &mut Keys,
) -> Option<u64> {
    store.get(keys.draw()).expect("a read")
}

/// A transaction that writes one key: kept in memory, or on the disk when the call returns.
#[scale_bench(threads = [1, 2, 4])]
fn write(
    #[values("memory", "disk")] until: &str,
    #[with(Store::create()?)] store: &Store,
    #[with(Keys::of(thread.index(), KEYS))] keys: &mut Keys,
) {
    let durability = match until {
        "memory" => Durability::None,
        _ => Durability::Immediate,
    };
    store.set(keys.draw(), 1, durability).expect("a write");
}

scalebench::main!();
