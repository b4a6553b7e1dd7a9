//! What cannot be measured, and what to write instead. One message at a time, on the token that is wrong.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    Attribute, Error, Expr, FnArg, GenericParam, Result, ReturnType, Safety, Signature, Type,
};

use crate::ast::Benchmark;
use crate::maker::Maker;
use crate::options::{Options, Threads};
use crate::parameter::{Owner, Parameter};
use crate::{expected, scan, source};

/// Checks the function around the parameters: qualifiers, receiver, return type, attributes, generics.
pub(crate) fn check_function(
    attributes: &[Attribute],
    signature: &Signature,
    options: &Options,
) -> Result<()> {
    check_attributes(attributes)?;
    check_qualifiers(signature)?;
    check_async(signature, options, cfg!(feature = "tokio"))?;
    check_load(signature, options)?;
    expected::check(options)?;
    check_generics(signature, options)
}

/// Checks what belongs to `processes` alone.
fn check_processes(benchmark: &Benchmark) -> Result<()> {
    let shared = |parameter: &&Parameter| matches!(parameter.maker, Maker::Shared(_));
    let mut shared = benchmark.parameters.iter().filter(shared);
    let first = shared.next();
    let Some(processes) = &benchmark.options.processes else {
        return first.map_or(Ok(()), |parameter| {
            let message = "`#[shared(...)]` is made once for several processes: add `processes = [1, 2, 4]`; threads share what \
                           `#[with(...)]` makes on `&T`";
            Err(Error::new_spanned(&parameter.ty, message))
        });
    };
    check_beside_processes(benchmark, &processes.option)?;
    check_grid(benchmark)?;
    if let Some(second) = shared.next() {
        let message = "one parameter can be `#[shared(...)]`: make both in one expression, and give a text that stands for both";
        return Err(Error::new_spanned(&second.ty, message));
    }
    match first {
        Some(parameter) if parameter.owner != Owner::Shared || !is_str(&parameter.ty) => {
            let message = "processes get the text (`Display`) of what they share, such as an address or a path: take `&str`, \
                           and open it with `#[with(...)]` on the next parameter";
            Err(Error::new_spanned(&parameter.ty, message))
        }
        _ => Ok(()),
    }
}

/// With `threads` beside `processes` ids end with `/threads=2`, so that no parameter with values can be called that.
fn check_grid(benchmark: &Benchmark) -> Result<()> {
    let values = |parameter: &&Parameter| matches!(parameter.maker, Maker::Values(_));
    let names = benchmark.parameters.iter().filter(values);
    let mut names = names.filter_map(|parameter| parameter.name.as_ref());
    let taken = names.find(|name| benchmark.options.threads.is_some() && *name == "threads");
    taken.map_or(Ok(()), |name| {
        let message = "with `processes` and `threads` ids end with the threads in each process, as in `/threads=2`: give this \
                       parameter another name";
        Err(Error::new_spanned(name, message))
    })
}

fn is_str(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.is_ident("str"))
}

/// Refuses what does not go with `processes`.
fn check_beside_processes(benchmark: &Benchmark, option: &Ident) -> Result<()> {
    let options = &benchmark.options;
    let message = if benchmark.signature.asyncness.is_some() {
        "`processes` calls from threads of its own in each process, and an `async fn` runs as tasks: call it with `block_on` \
         in a plain `fn`"
    } else if options.parallel.is_some() {
        "`processes` calls from threads of its own in each process, and `parallel` in a pool: keep one of the two"
    } else if options.load.is_some() {
        "under load the callers are threads or tasks of one process: leave one of the two out"
    } else if benchmark.bencher().is_some() {
        "a `Bencher` measures in one process: take the parameters that this function needs, made with `#[shared(...)]` and \
         `#[with(...)]`"
    } else {
        return Ok(());
    };
    Err(Error::new_spanned(option, message))
}

/// Checks what the expressions of the parameters use.
pub(crate) fn check_parameters(benchmark: &Benchmark) -> Result<()> {
    check_processes(benchmark)?;
    for (index, parameter) in benchmark.parameters.iter().enumerate() {
        let fresh = matches!(parameter.owner, Owner::Window | Owner::WindowThread);
        if let Some(token) = benchmark.signature.asyncness.filter(|_| fresh) {
            let message = "`#[fresh(...)]` is for threads so far: write a plain `fn`, or `#[with(...)]` for state that \
                           lasts for the launch";
            return Err(Error::new_spanned(token, message));
        }
        if let Some(expression) = parameter.maker.expression() {
            check_uses(&benchmark.parameters, index, expression)?;
        }
        if let Maker::Values(values) = &parameter.maker {
            for value in values {
                check_values(&benchmark.parameters, value.expression())?;
            }
        }
    }
    if let Some(throughput) = &benchmark.options.throughput {
        check_throughput(&benchmark.parameters, &throughput.count)?;
    }
    Ok(())
}

fn check_attributes(attributes: &[Attribute]) -> Result<()> {
    for attribute in attributes {
        let Some(last) = attribute.path().segments.last() else {
            continue;
        };
        let message = match last.ident.to_string().as_str() {
            "scale_bench" => "`#[scale_bench]` is given twice; keep one",
            "test" | "bench" => {
                "a function is either a test or a benchmark: give the benchmark a function of its own that calls this one"
            }
            "target_feature" => {
                "a function that needs CPU features cannot be called from everywhere: annotate a function without \
                 `#[target_feature]` that calls it in an `unsafe` block"
            }
            _ => continue,
        };
        return Err(Error::new_spanned(attribute.path(), message));
    }
    Ok(())
}

fn check_qualifiers(signature: &Signature) -> Result<()> {
    if let Some(FnArg::Receiver(receiver)) = signature.inputs.first() {
        let message = "a method cannot be measured by itself: write a free function that takes the value as a \
                       parameter, as in `fn bench(#[with(Map::new())] map: &Map)`, and calls the method";
        return Err(Error::new(receiver.self_token.span, message));
    }
    if let Safety::Unsafe(token) = &signature.safety {
        let message = "an `unsafe fn` cannot be called over and over by a harness that does not know its rules: annotate a \
                       safe function that calls it in an `unsafe` block";
        return Err(Error::new_spanned(token, message));
    }
    if let Some(variadic) = &signature.variadic {
        return Err(Error::new_spanned(
            variadic,
            "a benchmark has a fixed number of parameters: name each of them",
        ));
    }
    match &signature.output {
        ReturnType::Type(_, ty) if matches!(**ty, Type::Never(_)) => Err(Error::new_spanned(
            ty,
            "a call has to return to be measured: return `()`, or the result",
        )),
        _ => Ok(()),
    }
}

/// Checks what belongs to `async fn` alone. `tokio` says whether that runtime is there.
fn check_async(signature: &Signature, options: &Options, tokio: bool) -> Result<()> {
    let Some(token) = &signature.asyncness else {
        return check_sync(options);
    };
    if let Some(option) = &options.parallel {
        let message = "`parallel` measures one call in a rayon pool, and an `async fn` runs as tasks on a runtime: leave it \
                       out; `threads` are the worker threads of the runtime";
        return Err(Error::new_spanned(option, message));
    }
    if options.runtime.is_none() && !tokio {
        let message = "an `async fn` needs a runtime: turn on the feature `tokio` of scalebench (`features = [\"tokio\"]`), \
                       or name another runtime, as in `runtime = path::to::Runtime`";
        return Err(Error::new_spanned(token, message));
    }
    match (&options.tasks, &options.workers) {
        (Some(tasks), _) if options.threads.is_some() => {
            let message = "one thing varies: `tasks` in flight on a fixed number of `workers`, or `threads`, the worker \
                           threads, with a task on each; keep one list";
            Err(Error::new_spanned(&tasks.option, message))
        }
        (None, Some((option, _))) if options.load.is_none() => {
            let message = "`workers` fixes the worker threads while `tasks` vary: add `tasks = [1, 8, 64]`, or write \
                           `threads = [1, 2, 4]` to vary the workers";
            Err(Error::new_spanned(option, message))
        }
        _ => Ok(()),
    }
}

/// Load mode has one number of callers, and no pool of its own.
fn check_load(signature: &Signature, options: &Options) -> Result<()> {
    let Some(load) = &options.load else {
        return Ok(());
    };
    if let Some(option) = &options.parallel {
        let message = "`load` lets calls arrive on a schedule, several at a time, and `parallel` measures one call in a pool: \
                       keep one of them";
        return Err(Error::new_spanned(option, message));
    }
    if signature.asyncness.is_some() && options.threads.is_some() {
        let message = "under load the callers of an `async fn` are tasks: write `tasks = [64]` for how many calls may run at \
                       a time, and `workers = 2` for the threads they run on";
        return Err(Error::new_spanned(load, message));
    }
    let (name, counts) = match &options.tasks {
        Some(tasks) => ("tasks", Some(&tasks.counts)),
        None => ("threads", options.threads.as_ref()),
    };
    match counts {
        Some(Threads::Counts(counts)) if counts.len() > 1 => {
            let most = counts.iter().max().copied().unwrap_or(1);
            let message = format!(
                "under load it is the rate that varies: write one number, of calls that may run at a time, as in \
                 `{name} = [{most}]`, or leave `{name}` out"
            );
            Err(Error::new_spanned(load, message))
        }
        _ => Ok(()),
    }
}

/// Refuses the options of `async fn` on any other.
fn check_sync(options: &Options) -> Result<()> {
    let tasks = options.tasks.as_ref().map(|tasks| &tasks.option);
    let workers = options.workers.as_ref().map(|(option, _)| option);
    let runtime = options.runtime.as_ref().map(|(option, _)| option);
    match tasks.or(workers).or(runtime) {
        None => Ok(()),
        Some(option) => {
            let message = format!(
                "`{option}` is for `async fn`: make the function async, or write `threads = [1, 2, 4]`"
            );
            Err(Error::new_spanned(option, message))
        }
    }
}

fn check_generics(signature: &Signature, options: &Options) -> Result<()> {
    let (mut types, mut consts) = (Vec::new(), Vec::new());
    for parameter in &signature.generics.params {
        match parameter {
            GenericParam::Type(parameter) => types.push(&parameter.ident),
            GenericParam::Const(parameter) => consts.push(&parameter.ident),
            GenericParam::Lifetime(_) => {}
        }
    }
    check_list(
        "type",
        &types,
        "types",
        "[A, B]",
        options.types.as_ref().map(|list| &list.option),
    )?;
    check_list(
        "const",
        &consts,
        "consts",
        "[1, 2]",
        options.consts.as_ref().map(|list| &list.option),
    )
}

/// Checks that a list is given exactly when the function has one generic parameter of its kind.
fn check_list(
    kind: &str,
    parameters: &[&Ident],
    option: &str,
    example: &str,
    given: Option<&Ident>,
) -> Result<()> {
    match (parameters, given) {
        ([], None) | ([_], Some(_)) => Ok(()),
        ([], Some(given)) => {
            let message = format!(
                "`{option}` needs a function with a {kind} parameter, and this one has none: leave it out"
            );
            Err(Error::new_spanned(given, message))
        }
        ([parameter], None) => {
            let message = format!(
                "`{parameter}` is open: say what to measure it with, as in `#[scale_bench({option} = {example})]`"
            );
            Err(Error::new_spanned(parameter, message))
        }
        ([_, second, ..], _) => {
            let message = format!(
                "one {kind} parameter can vary: give `{second}` a fixed {kind} in the signature, or annotate a function \
                 for each"
            );
            Err(Error::new_spanned(second, message))
        }
    }
}

/// Refuses names in the expression of parameter `index` that have no value yet when it is evaluated.
fn check_uses(parameters: &[Parameter], index: usize, expression: &TokenStream) -> Result<()> {
    let user = &parameters[index];
    for name in scan::free_names(expression) {
        let used = parameters
            .iter()
            .position(|parameter| parameter.name.as_ref().is_some_and(|own| *own == name));
        let fault = match used {
            // Until it is made, a parameter of that name does not hide the harness's `thread`.
            Some(used) if used >= index && name == "thread" && user.owner.knows_thread() => None,
            Some(used) => fault_of_use(parameters, index, used),
            None if name == "thread" && !user.owner.knows_thread() => Some(
                "state shared by all threads is made once, before there is a `thread`: take `&mut T` for one on each \
                 thread, or leave `thread` out"
                    .to_owned(),
            ),
            None => None,
        };
        if let Some(message) = fault {
            return Err(Error::new_spanned(name, message));
        }
    }
    Ok(())
}

/// Refuses values that use a parameter: they are known before anything is made.
fn check_values(parameters: &[Parameter], expression: &Expr) -> Result<()> {
    let names = scan::free_names(&expression.to_token_stream());
    let unknown = |name: &Ident| named(parameters, name).is_some() || name == "thread";
    match names.into_iter().find(unknown) {
        None => Ok(()),
        Some(name) => {
            let message = format!(
                "`{name}` is not known yet: this is worked out before anything is made; write the values out"
            );
            Err(Error::new_spanned(name, message))
        }
    }
}

/// Refuses a throughput that uses state: it is worked out from the `#[values]` before anything is made, or from the inputs
/// of each call when they are.
fn check_throughput(parameters: &[Parameter], expression: &Expr) -> Result<()> {
    for name in scan::free_names(&expression.to_token_stream()) {
        let message = match named(parameters, &name).map(|parameter| parameter.owner) {
            Some(Owner::Benchmark | Owner::Call) => continue,
            None if name != "thread" => continue,
            Some(Owner::Harness) => format!(
                "`{name}` is the harness: what a call gets done may use the `#[values]`"
            ),
            None => "what a call gets done is counted from the `#[values]` and from what is made for the call: make the \
                     number one of those, as in `#[with(share(thread))] count: u64`"
                .to_owned(),
            Some(_) => format!(
                "`{name}` is state, which calls share or change: what a call gets done is counted from the `#[values]` and \
                 from what is made for the call; make the number one of those, as in `#[with({name}.len())] count: usize`"
            ),
        };
        return Err(Error::new_spanned(name, message));
    }
    Ok(())
}

/// The parameter of this name.
fn named<'a>(parameters: &'a [Parameter], name: &Ident) -> Option<&'a Parameter> {
    parameters
        .iter()
        .find(|parameter| parameter.name.as_ref() == Some(name))
}

/// Why the expression of parameter `index` cannot use parameter `used`.
fn fault_of_use(parameters: &[Parameter], index: usize, used: usize) -> Option<String> {
    let (user, other) = (&parameters[index], &parameters[used]);
    let name = other.name.as_ref()?;
    let rule = "an expression may use the `#[values]` and the parameters before it";
    let for_all = matches!(user.maker, Maker::Shared(_));
    match (user.owner, other.owner) {
        (_, Owner::Benchmark) => None,
        _ if for_all && used < index => Some(format!(
            "`{name}` belongs to each process, and this is made once for all of them: make it without `{name}`"
        )),
        _ if used == index => Some(format!("`{name}` is what this expression makes: {rule}")),
        _ if used > index => Some(format!(
            "`{name}` comes later: {rule}; move `{name}` to the front"
        )),
        (Owner::Shared, Owner::Thread) | (Owner::Window, Owner::Thread | Owner::WindowThread) => {
            Some(format!(
                "`{name}` belongs to each thread, and shared state is made once, before the threads have theirs: make it \
             without `{name}`"
            ))
        }
        (Owner::Shared | Owner::Thread, Owner::Window | Owner::WindowThread) => Some(format!(
            "`{name}` is made for every window, and state with `#[with]` once, before the first: write `#[fresh(...)]` \
             here, too, or make it without `{name}`"
        )),
        (Owner::Window | Owner::WindowThread, Owner::Call) => Some(format!(
            "`{name}` is made for every call, and fresh state once a window, before its calls: make it without `{name}`"
        )),
        (Owner::Shared | Owner::Thread, Owner::Call) => Some(format!(
            "`{name}` is made for every call, and state is made once, before the calls: make it without `{name}`"
        )),
        _ => None,
    }
}

/// Whether what the function returns borrows from its parameters, as far as its type tells: by a lifetime other than
/// `'static`, written or elided, by an opaque type, or by a name that says so (`MutexGuard<u64>` hides its lifetime).
pub(crate) fn borrows(output: &ReturnType) -> bool {
    let ReturnType::Type(_, ty) = output else {
        return false;
    };
    let tokens = ty.to_token_stream();
    let text = source::text(&tokens)
        .replace("&'static", "")
        .replace("'static", "");
    text.contains(['&', '\''])
        || any_word(tokens, &|word| {
            word == "impl" || GUARDS.iter().any(|end| word.ends_with(end))
        })
}

/// How the names of types end that stand for a borrow.
const GUARDS: [&str; 3] = ["Guard", "Ref", "RefMut"];

fn any_word(tokens: TokenStream, is: &impl Fn(&str) -> bool) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(word) => is(&word.to_string()),
        TokenTree::Group(group) => any_word(group.stream(), is),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_async_function_without_a_runtime_is_told_of_the_feature() {
        let signature: Signature = syn::parse_str("async fn bench()").expect("a signature");
        let fault = check_async(&signature, &Options::default(), false);
        let message = fault.expect_err("refused").to_string();
        assert!(message.contains("feature `tokio`"), "{message}");
        assert!(check_async(&signature, &Options::default(), true).is_ok());
    }

    fn borrows_of(ty: &str) -> bool {
        let output: ReturnType = syn::parse_str(&format!("-> {ty}")).expect("a return type");
        borrows(&output)
    }

    #[test]
    fn what_borrows_is_told_from_what_does_not() {
        for ty in [
            "&u8",
            "Option<&mut T>",
            "Iter<'_, u8>",
            "(u8, &'a str)",
            "MutexGuard<u64>",
            "impl Iterator",
            "Ref<K, V>",
        ] {
            assert!(borrows_of(ty), "{ty}");
        }
        for ty in [
            "u8",
            "&'static str",
            "Option<String>",
            "Vec<Cow<'static, str>>",
            "Reference",
        ] {
            assert!(!borrows_of(ty), "{ty}");
        }
    }
}
