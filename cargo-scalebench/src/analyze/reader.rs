//! Reading a CSV file row by row.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Cursor, ErrorKind, Read};
use std::rc::Rc;

use csv::{ByteRecord, ReaderBuilder};
use scalebench_model::data::Mode;

use super::header::{Figure, Header};
use super::input::{BadInput, InputError, shown};
use super::rows::{Row, Table};

/// No line is longer, the header among them; what is, is no CSV. Bytes.
const LONGEST_LINE: u64 = 1 << 20;
/// More than anybody measures, and as much as memory should hold: input may have no end.
const MOST_ROWS: u64 = 10_000_000;
const NANOSECONDS: f64 = 1e9;

/// Reads all rows. `name` is the benchmark's where the file has no such column; `mode` overrides what the columns say.
///
/// # Errors
/// When the file cannot be read, or with the line and column of what makes no sense in it.
pub(super) fn read(input: impl Read, name: &str, mode: Option<Mode>) -> Result<Table, InputError> {
    let left = Rc::new(Cell::new(LONGEST_LINE));
    let input = Lines {
        input,
        left: Rc::clone(&left),
    };
    let (first_line, rest) = first_line(input)?;
    let delimiter = delimiter(&first_line);
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(Cursor::new(first_line).chain(rest));
    let mut record = ByteRecord::new();
    if !next(&mut reader, &mut record)? {
        return Err(BadInput::file("the file is empty; a header should name its columns").into());
    }
    let line = line_of(&record);
    let names = (0..record.len()).map(|place| text(&record, place, "header").map(str::to_owned));
    let header = Header::of(line, names.collect::<Result<_, _>>()?)?;
    let mut table = Table::new(mode.unwrap_or(match header.figure.1 {
        Figure::Time => Mode::Parallel,
        Figure::Throughput | Figure::Latency => Mode::Concurrent,
    }));
    let mut rows = 0;
    left.set(LONGEST_LINE);
    while next(&mut reader, &mut record)? {
        left.set(LONGEST_LINE);
        add(&mut table, &header, &record, name)?;
        rows += 1;
        if rows > MOST_ROWS {
            return Err(BadInput::file(format!("the file has more than {MOST_ROWS} rows")).into());
        }
    }
    if table.benchmarks.is_empty() {
        return Err(BadInput::file("the file has a header and no rows").into());
    }
    table.finish()?;
    Ok(table)
}

/// Input that fails in the middle of a line that is too long, before memory ends.
struct Lines<R> {
    input: R,
    /// How much may be read until whoever reads has seen the end of a line, bytes.
    left: Rc<Cell<u64>>,
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.left.get();
        if left == 0 {
            return Err(ErrorKind::FileTooLarge.into());
        }
        let read = self.input.read(buffer)?;
        self.left.set(left.saturating_sub(read as u64));
        Ok(read)
    }
}

/// What a failed read says, while line number `line` was read.
fn unread(error: io::Error, line: u64) -> InputError {
    match error.kind() {
        ErrorKind::FileTooLarge => {
            let kib = LONGEST_LINE >> 10;
            BadInput::line(
                line,
                format!("it is no CSV: a line has more than {kib} KiB"),
            )
            .into()
        }
        _ => InputError::Read(error),
    }
}

/// The first line, without a byte order mark, and what follows it.
fn first_line(input: impl Read) -> Result<(Vec<u8>, impl Read), InputError> {
    let mut reader = BufReader::with_capacity(1 << 16, input);
    let mut line = Vec::new();
    reader
        .by_ref()
        .take(LONGEST_LINE)
        .read_until(b'\n', &mut line)
        .map_err(|error| unread(error, 1))?;
    if line.starts_with(&[0xff, 0xfe]) || line.starts_with(&[0xfe, 0xff]) {
        return Err(BadInput::file("the file is UTF-16; save it as UTF-8").into());
    }
    if line.starts_with(&[0xef, 0xbb, 0xbf]) {
        line.drain(..3);
    }
    Ok((line, reader))
}

/// What parts the columns: whichever of comma, semicolon and tab stands most often in the header.
fn delimiter(header: &[u8]) -> u8 {
    let count = |delimiter: &u8| header.iter().filter(|byte| *byte == delimiter).count();
    // Of equals the last is taken, so the comma comes last.
    *[b'\t', b';', b',']
        .iter()
        .max_by_key(|d| count(d))
        .unwrap_or(&b',')
}

fn next<R: Read>(reader: &mut csv::Reader<R>, record: &mut ByteRecord) -> Result<bool, InputError> {
    let line = reader.position().line();
    reader
        .read_byte_record(record)
        .map_err(|error| match error.into_kind() {
            csv::ErrorKind::Io(error) => unread(error, line),
            other => BadInput::file(format!("it is no CSV: {other:?}")).into(),
        })
}

fn line_of(record: &ByteRecord) -> u64 {
    record.position().map_or(0, csv::Position::line)
}

/// A field as text, without surrounding space.
fn text<'a>(record: &'a ByteRecord, place: usize, name: &str) -> Result<&'a str, BadInput> {
    let bytes = record.get(place).unwrap_or_default();
    let text = std::str::from_utf8(bytes)
        .map_err(|_| BadInput::field(line_of(record), place, name, "the text is not UTF-8"))?;
    Ok(text.trim())
}

/// A name without the apostrophe that keeps spreadsheets from taking it for a formula.
fn without_apostrophe(name: &str) -> &str {
    let formula = |name: &&str| name.trim_start().starts_with(['=', '+', '-', '@']);
    name.strip_prefix('\'').filter(formula).unwrap_or(name)
}

fn add(
    table: &mut Table,
    header: &Header,
    record: &ByteRecord,
    name: &str,
) -> Result<(), BadInput> {
    let line = line_of(record);
    // A line of nothing but delimiters, as spreadsheets leave at the end.
    if record.iter().all(<[u8]>::is_empty) {
        return Ok(());
    }
    if record.len() != header.names.len() {
        return Err(BadInput::line(
            line,
            format!(
                "the line has {} fields, the header {}",
                record.len(),
                header.names.len()
            ),
        ));
    }
    let whole = |place: usize, least: u32| whole_number(header, record, place, least);
    let threads = whole(header.threads, 1)?;
    let latency_ns = latency(table.mode, header, record, threads)?;
    let launch = header.launch.map(|place| whole(place, 0)).transpose()?;
    let round = header.round.map(|place| whole(place, 0)).transpose()?;
    let row = Row {
        threads,
        round: 0,
        latency_ns,
        line: u32::try_from(line).unwrap_or(u32::MAX),
    };
    let id = match header.benchmark {
        Some(place) => without_apostrophe(text(record, place, &header.names[place])?),
        None => name,
    };
    if !table.benchmarks.contains_key(id) {
        table.benchmarks.insert(id.to_owned(), Default::default());
    }
    if let Some(rows) = table.benchmarks.get_mut(id) {
        rows.add(launch.unwrap_or(0), round, row);
    }
    Ok(())
}

/// The figure of a row as the time of a call, ns.
fn latency(
    mode: Mode,
    header: &Header,
    record: &ByteRecord,
    threads: u32,
) -> Result<f64, BadInput> {
    let (place, figure) = header.figure;
    let value = number(header, record, place)?;
    let callers = match mode {
        Mode::Parallel => 1.0,
        Mode::Concurrent | Mode::Load => f64::from(threads),
    };
    let latency = match figure {
        Figure::Throughput => callers * NANOSECONDS / value,
        Figure::Latency | Figure::Time => value,
    };
    let fine = value > 0.0 && latency > 0.0 && latency.is_finite();
    fine.then_some(latency).ok_or_else(|| {
        let shown = shown(text(record, place, "").unwrap_or_default());
        bad(
            header,
            record,
            place,
            format!("{shown} is not a positive number that can be computed with"),
        )
    })
}

fn whole_number(
    header: &Header,
    record: &ByteRecord,
    place: usize,
    least: u32,
) -> Result<u32, BadInput> {
    let value = number(header, record, place)?;
    // Programs that know no integers write 8.0.
    let fine = value.fract() == 0.0 && value >= f64::from(least) && value <= f64::from(u32::MAX);
    fine.then_some(value as u32).ok_or_else(|| {
        let shown = shown(text(record, place, "").unwrap_or_default());
        bad(
            header,
            record,
            place,
            format!("{shown} is not a whole number from {least} on"),
        )
    })
}

fn number(header: &Header, record: &ByteRecord, place: usize) -> Result<f64, BadInput> {
    let text = text(record, place, &header.names[place])?;
    match text.parse() {
        Ok(number) => Ok(number),
        Err(_) if text.is_empty() => Err(bad(header, record, place, "a number is missing".into())),
        Err(_) => Err(bad(
            header,
            record,
            place,
            format!("{} is not a number", shown(text)),
        )),
    }
}

fn bad(header: &Header, record: &ByteRecord, place: usize, message: String) -> BadInput {
    BadInput::field(line_of(record), place, &header.names[place], message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Table, InputError> {
        read(text.as_bytes(), "file", None)
    }

    fn refused(bytes: &[u8]) -> String {
        match read(bytes, "file", None) {
            Err(InputError::Bad(bad)) => bad.to_string(),
            other => panic!("{other:?}"),
        }
    }

    fn latencies(table: &Table, id: &str) -> Vec<(u32, f64)> {
        let rows = table.benchmarks[id].launches.values().flatten();
        rows.map(|row| (row.threads, row.latency_ns)).collect()
    }

    #[test]
    fn figures_become_latencies() {
        let concurrent = read_text("threads,throughput\n1,1e9\n4,2e9\n").unwrap();
        assert_eq!(latencies(&concurrent, "file"), [(1, 1.0), (4, 2.0)]);
        let parallel = read(
            "threads,throughput\n4,2e9\n".as_bytes(),
            "p",
            Some(Mode::Parallel),
        );
        assert_eq!(latencies(&parallel.unwrap(), "p"), [(4, 0.5)]);
        let time = read_text("benchmark,time_ns,threads\nsort,80,1\nsort,20,8.0\n").unwrap();
        assert_eq!(time.mode, Mode::Parallel);
        assert_eq!(latencies(&time, "sort"), [(1, 80.0), (8, 20.0)]);
    }

    #[test]
    fn the_habits_of_other_programs_are_understood() {
        for text in [
            "\u{feff}threads,latency_ns\r\n1,5\r\n2,6\r\n",
            "threads;latency_ns\n1;5\n2;6",
            "threads\tlatency_ns\n1\t5\n2\t6\n\n\n",
            "\"threads\",\"latency_ns\"\n\"1\",5\n\"2\", 6 \n,\n",
            "Threads,Latency_ns\n1.0,5\n2.0,6e0\n",
        ] {
            let table = read_text(text).unwrap_or_else(|error| panic!("{text:?}: {error:?}"));
            assert_eq!(latencies(&table, "file"), [(1, 5.0), (2, 6.0)], "{text:?}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_named_with_line_and_column() {
        for (text, says) in [
            ("", "the file is empty; a header should name its columns"),
            (
                "\n\n",
                "the file is empty; a header should name its columns",
            ),
            ("threads,latency_ns\n", "the file has a header and no rows"),
            (
                "threads\n1\n",
                "line 1: the header has no column `throughput`, `latency_ns` or `time_ns`; it has `threads`",
            ),
            (
                "threads,throughput\n1,5\n2,abc\n",
                "line 3, column 2 (throughput): `abc` is not a number",
            ),
            (
                "threads,throughput\n1,\n",
                "line 2, column 2 (throughput): a number is missing",
            ),
            (
                "threads,throughput\n1,0\n",
                "line 2, column 2 (throughput): `0` is not a positive number",
            ),
            (
                "threads,throughput\n1,-3\n",
                "line 2, column 2 (throughput): `-3` is not a positive number",
            ),
            (
                "threads,throughput\n1,NaN\n",
                "line 2, column 2 (throughput): `NaN` is not a positive number",
            ),
            (
                "threads,throughput\n1,inf\n",
                "line 2, column 2 (throughput): `inf` is not a positive number",
            ),
            (
                "threads,throughput\n1,1e-320\n",
                "line 2, column 2 (throughput): `1e-320` is not a positive number",
            ),
            (
                "threads,throughput\n0,1\n",
                "line 2, column 1 (threads): `0` is not a whole number from 1 on",
            ),
            (
                "threads,throughput\n1.5,1\n",
                "line 2, column 1 (threads): `1.5` is not a whole number from 1 on",
            ),
            (
                "threads,throughput\n5e9,1\n",
                "line 2, column 1 (threads): `5e9` is not a whole number",
            ),
            (
                "threads,throughput,launch\n1,1,-1\n",
                "line 2, column 3 (launch): `-1` is not a whole number from 0 on",
            ),
            (
                "threads,throughput\n1,1,5\n",
                "line 2: the line has 3 fields, the header 2",
            ),
            (
                "threads,throughput\n1\n",
                "line 2: the line has 1 fields, the header 2",
            ),
            (
                "threads,latency_ns,round\n1,5,0\n1,5,0\n",
                "line 3: benchmark, launch, round and threads are those of line 2 already",
            ),
            (
                "threads,throughput\n1,\u{1b}[31mred\n",
                "line 2, column 2 (throughput): `\\u{1b}[31mred` is not a number",
            ),
        ] {
            let message = refused(text.as_bytes());
            assert!(message.starts_with(says), "{text:?}: {message}");
        }
    }

    #[test]
    fn other_encodings_are_named() {
        assert!(refused(b"\xff\xfet\0h\0r\0").contains("UTF-16"));
        let latin = b"benchmark,threads,throughput\nna\xefve,1,5\n";
        assert_eq!(
            refused(latin),
            "line 2, column 1 (benchmark): the text is not UTF-8"
        );
        assert!(refused(b"thr\xe9ads,throughput\n").contains("not UTF-8"));
    }

    #[test]
    fn names_that_look_like_formulas_are_read_back() {
        let text = "benchmark,threads,latency_ns\n'=cmd|x,1,5\n'a,1,5\n";
        let table = read_text(text).unwrap();
        let ids: Vec<&str> = table.benchmarks.keys().map(String::as_str).collect();
        assert_eq!(ids, ["'a", "=cmd|x"]);
    }

    #[test]
    fn repeated_rows_without_rounds_are_rounds() {
        let table = read_text("threads,latency_ns\n1,5\n1,6\n1,7\n").unwrap();
        let rounds: Vec<u32> = table.benchmarks["file"].launches[&0]
            .iter()
            .map(|r| r.round)
            .collect();
        assert_eq!(rounds, [0, 1, 2]);
    }

    #[test]
    fn a_line_without_end_is_refused_before_memory_ends() {
        for begin in [
            "",
            "threads,throughput\n1,5\n2,",
            "threads,throughput\n1,5\n\"\n",
        ] {
            let mut taken = 0;
            let endless = begin.as_bytes().chain(io::repeat(b'x'));
            let counted = Counted(endless, &mut taken);
            let Err(InputError::Bad(bad)) = read(counted, "file", None) else {
                panic!("{begin:?}: an endless line is no table");
            };
            assert_eq!(bad.line, 1 + begin.lines().count().min(2) as u64);
            assert!(taken < 4 * LONGEST_LINE, "{begin:?}: {taken} bytes");
        }
    }

    struct Counted<'a, R>(R, &'a mut u64);

    impl<R: Read> Read for Counted<'_, R> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let read = self.0.read(buffer)?;
            *self.1 += read as u64;
            Ok(read)
        }
    }

    #[test]
    fn a_reader_that_fails_is_no_bad_input() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
                Err(std::io::Error::other("unplugged"))
            }
        }
        assert!(matches!(
            read(Broken, "file", None),
            Err(InputError::Read(_))
        ));
    }
}
