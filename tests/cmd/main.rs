//! The command from outside: arguments, standard input and files in; standard output, standard error and exit code
//! out. Every case works in its own temporary folder, with a cache folder of its own.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod arguments;
mod batches;
mod crash;
mod damage;
mod help;
mod job;
mod members;
mod partial;
mod sandbox;
mod tags;
mod vanished;

use assert_cmd::Command;
use std::path::Path;

/// What one run gave.
struct Ran {
    code: i32,
    out: String,
    err: String,
}

/// The command with a clean environment, started in `folder`.
///
/// The nearest index upwards is used, so one that somebody made in the folder for temporary files would answer instead.
fn fangzhi(folder: &Path) -> Command {
    let stray =
        std::env::temp_dir().ancestors().map(|above| above.join(".fangzhi")).find(|it| it.exists());
    assert_eq!(stray, None, "move this index away, or set TMPDIR to another folder");
    let mut command = Command::cargo_bin("fangzhi").unwrap();
    command.env_clear().env("FANGZHI_CACHE", folder.join("cache")).current_dir(folder);
    command
}

/// Runs the command with `arguments` in `folder`.
fn run(folder: &Path, arguments: &[&str]) -> Ran {
    ran(fangzhi(folder).args(arguments))
}

fn ran(command: &mut Command) -> Ran {
    let output = command.output().unwrap();
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A folder with two invented reports in `reports/`.
fn reports() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let reports = folder.path().join("reports");
    std::fs::create_dir(&reports).unwrap();
    std::fs::write(
        reports.join("甲.txt"),
        "大理白族自治州推行网格化管理\n\n2023年6月19日\n\n大理州把全州划为845个网格，每个网格配一名网格员，走访群众9.73万人次。\n\n宾川县选派第一书记驻村，帮助发展葡萄产业。\n",
    )
    .unwrap();
    std::fs::write(
        reports.join("乙.txt"),
        "拉萨市城关区便民服务进社区\n\n2021年3月2日\n\n城关区建立便民服务站32个，居民办事不出社区。\n",
    )
    .unwrap();
    folder
}
