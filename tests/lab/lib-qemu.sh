# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Starting and watching QEMU. Sourced by run, after lib.sh.

# Every message goes to the log, those of the tests as well, which is how the lab sees
# them; a panic ends
# the guest at once. The emulator keeps the TSCs together, and is slow enough
# for a stall of the default length to be no fault, nor a wait: to stop tracing a
# function, the kernel waits until each task has slept or been in user mode (RCU tasks).
# no_timer_check: the kernel counts timer ticks against a busy loop and panics
# when they are too few, as they are when the emulator's host is busy.
kernel_command_line()
{
	echo "ignore_loglevel printk.devkmsg=on panic=-1 oops=panic" \
		"rcupdate.rcu_cpu_stall_timeout=60 watchdog_thresh=30 random.trust_cpu=on" \
		"sysctl.kernel.hung_task_timeout_secs=300" \
		"$(machine_parameters)" "$(debug_parameters)" "$APPEND"
}

# A virt has one serial port of its own, another comes by PCI.
machine_parameters()
{
	case $K_ARCH in
	arm64) echo "console=ttyAMA0" ;;
	*) echo "console=ttyS0 reboot=t tsc=reliable no_timer_check" ;;
	esac
}

debug_parameters()
{
	is_debug || return 0
	echo "kasan_multi_shot $(tsc_frequency)"
}

qemu_program()
{
	case $K_ARCH in
	arm64) echo qemu-system-aarch64 ;;
	*) echo qemu-system-x86_64 ;;
	esac
}

shell_console()
{
	case $K_ARCH in
	arm64) echo ttyS0 ;;
	*) echo ttyS1 ;;
	esac
}

# Without ACPI a kernel measures its clock by an old timer, which is wrong by any
# factor on a busy machine. The emulated counter is this machine's.
tsc_frequency()
{
	awk '/^cpu MHz/ { printf "tsc_early_khz=%.0f\n", $4 * 1000; exit }' /proc/cpuinfo
}

# A /dev/kvm may be there and yet hang the guest, where the processor has no
# virtualization; and it runs this machine's architecture only.
kvm_works()
{
	[ "${K_ARCH-amd64}" = amd64 ] && grep -qwE 'vmx|svm' /proc/cpuinfo && [ -r /dev/kvm ] && [ -w /dev/kvm ]
}

# To somebody who waits; the tool says on what its figures were measured.
say_when_slow()
{
	if ! [ -t 2 ] || [ -n "$TCG" ] || kvm_works; then
		return 0
	fi
	if grep -qwE 'vmx|svm' /proc/cpuinfo && [ -e /dev/kvm ]; then
		say "you may not use /dev/kvm, so the processor is emulated: slow, but all works (sudo adduser $(id -un) kvm)"
	else
		say "no KVM on this machine, so the processor is emulated: slow, but all works"
	fi
}

# Five-level page tables would only slow emulation down, and so would arm64's
# own algorithm for signed pointers and its long vectors.
machine()
{
	case $K_ARCH in
	arm64) echo -M virt,gic-version=3 -cpu max,pauth-impdef=on,sve=off ;;
	*) echo -M q35 -cpu max,la57=off ;;
	esac
}

# Should KVM refuse after all, QEMU goes on to the next accelerator.
acceleration()
{
	local threads=single

	[ -z "$PARALLEL" ] || threads=multi
	if [ -n "$ICOUNT" ]; then
		echo -accel tcg -icount shift=0,sleep=off
	elif [ -z "$TCG" ] && kvm_works; then
		echo -accel kvm -accel "tcg,thread=$threads"
	else
		echo -accel "tcg,thread=$threads"
	fi
}

# The table of processors that a kernel without ACPI reads has one a socket.
processors()
{
	is_debug && echo "$CPUS,sockets=$CPUS" || echo "$CPUS"
}

# A root of another architecture hides the repository and the cache, which then
# come in from beside it.
root_arguments()
{
	if is_foreign; then
		share_arguments root "$(root_folder)" ,readonly=on
		share_arguments host / ,readonly=on
	else
		share_arguments root / ,readonly=on
	fi
}

share_arguments()
{
	echo -fsdev "local,id=$1,path=$2,security_model=none,multidevs=remap${3-}" \
		-device "virtio-9p-pci,fsdev=$1,mount_tag=$1"
}

console_arguments()
{
	echo -chardev "file,id=log,path=$RUN/console" -serial chardev:log
	if [ -n "$SHELL_MODE" ]; then
		echo -chardev stdio,id=shell,mux=on,signal=off
		case $K_ARCH in
		arm64) echo -device pci-serial,chardev=shell ;;
		*) echo -serial chardev:shell ;;
		esac
	fi
}

# setpriv: should this script be killed hard, QEMU ends with it.
start_qemu()
{
	local -a arguments

	say_when_slow
	# shellcheck disable=SC2046,SC2207 # words without blanks, split on purpose
	arguments=($(machine) $(acceleration) -smp "$(processors)" -m "$MEMORY"
		-name "lab,debug-threads=on"
		-nodefaults -no-user-config -vga none -net none -display none
		-no-reboot $(console_arguments)
		$(root_arguments)
		$(share_arguments share "$RUN/share")
		-kernel "$K_DIR/vmlinux" -initrd "$K_DIR/initramfs"
		-append "$(kernel_command_line)")
	if [ -n "$SHELL_MODE" ]; then
		TTY_STATE=$(stty -g)
		exec 3<&0 4>&1
	else
		exec 3</dev/null 4>"$RUN/qemu"
	fi
	setpriv --pdeathsig KILL -- "$(qemu_program)" "${arguments[@]}" \
		<&3 >&4 2>>"$RUN/qemu" &
	QEMU=$!
	exec 3<&- 4>&-
}

# The guest writes to files of the share, and tail hands on what it finds
# there until QEMU has ended.
follow()
{
	tail -c +1 -s 0.05 -f --pid="$QEMU" "$RUN/share/$1" 2>/dev/null
}

# Where it is written how long the host did not run the guest: in the share, so that
# tests can be as patient. Under --icount the guest has a time of its own.
not_run_file()
{
	[ -n "$ICOUNT" ] && echo "$RUN/not-run" || echo "$RUN/share/not-run"
}

wait_for_qemu()
{
	local ended status=0

	follow stdout &
	OUT=$!
	follow stderr >&2 &
	ERR=$!
	setpriv --pdeathsig KILL -- "$LAB/watch-host" "$QEMU" "$RUN/console" "$TIMEOUT" \
		>"$(not_run_file)" &
	WATCH=$!
	wait -n -p ended "$QEMU" "$OUT" "$WATCH" || status=$?
	case $ended in
	"$QEMU") QEMU_STATUS=$status ;;
	"$OUT") exit 141 ;; # as a command that nobody listens to ends
	*) [ "$status" != 3 ] || KILLED="no end after $TIMEOUT seconds in which it was run; --timeout gives it longer" ;;
	esac
	[ -z "$KILLED" ] || kill -KILL "$QEMU" 2>/dev/null || true
	wait "$QEMU" 2>/dev/null || true
	QEMU=''
	wait "$OUT" "$ERR" || true
	OUT='' ERR=''
}
