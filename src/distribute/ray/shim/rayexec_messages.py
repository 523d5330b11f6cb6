"""Frames and queries as bytes, checked. Nothing here knows Ray, and nothing that comes in is run."""

import json
import struct
import zlib

PROTOCOL = 3
# kind, three numbers, checksum and length of the bytes that follow; see frames.ts
HEADER = struct.Struct("<IIIIII")
BLOCK, RUN, DONE, ERROR, PROGRESS, READ, END, LOST, TASK = range(1, 10)

# Bytes of a query with the rows that it brings.
MAX_QUERY = 1 << 30
MAX_STAGES = 10_000
MAX_TASKS = 65_536
PARTS = ("own", "first", "same")
EXCHANGES = ("store", "files")


class Refused(Exception):
    """A request that is not answered: an HTTP status, and why."""

    def __init__(self, status, why):
        super().__init__(why)
        self.status = status


def frame(kind, a=0, b=0, c=0, data=b"", checksum=0):
    return HEADER.pack(kind, a, b, c, checksum, len(data))


def read_frames(body):
    """(kind, numbers, checksum, bytes) of each frame. Raises Refused for what is cut off."""
    at = 0
    while at < len(body):
        if at + HEADER.size > len(body):
            raise Refused(400, "the query is cut off in a frame's header")
        kind, a, b, c, checksum, length = HEADER.unpack_from(body, at)
        at += HEADER.size
        if at + length > len(body):
            raise Refused(400, "the query is cut off in a frame")
        yield kind, (a, b, c), checksum, memoryview(body)[at : at + length]
        at += length


class Stage:
    """A stage as the gateway sees it: what its tasks do is text that only the Node children read."""

    def __init__(self, id, tasks, reads, text, exchange, groups):
        self.id, self.tasks, self.reads, self.text, self.exchange = id, tasks, reads, text, exchange
        self.groups = groups


class Groups:
    """The receivers of a stage, in as many groups as each task puts objects: one has the rows for one group."""

    def __init__(self, receivers=MAX_TASKS, objects=1):
        self.receivers, self.objects = receivers, objects

    def of(self, receiver):
        return receiver * self.objects // self.receivers


class Plan:
    """A query: its stages, the blocks that come with it by stage and task, and what its last stage reads."""

    def __init__(self, stages, given, root, analyze):
        self.stages, self.given, self.root, self.analyze = stages, given, root, analyze


def read_query(body, bundle):
    """The query in a request. Raises Refused: 409 for another version, 400 for what is not a query."""
    frames = read_frames(body)
    kind, _, _, data = next(frames, (None, None, None, b""))
    if kind != RUN:
        raise Refused(400, "a query starts with its plan")
    try:
        plan = json.loads(bytes(data))
    except (ValueError, RecursionError) as error:
        raise Refused(400, f"the plan is not JSON: {error}") from None
    expect(isinstance(plan, dict), "the plan is not an object")
    if plan.get("protocol") != PROTOCOL:
        raise Refused(409, f"the client speaks protocol {plan.get('protocol')!r:.40}, the gateway {PROTOCOL}")
    if plan.get("bundle") != bundle:
        raise Refused(409, f"the client is of version {plan.get('bundle')!r:.20}, the cluster runs {bundle!r:.20}")
    return checked(plan, frames)


def checked(plan, frames):
    tasks = {}
    given = {}
    for item in listed(plan, "given", MAX_STAGES):
        id, count = number(item, "stage", MAX_STAGES), number(item, "tasks", MAX_TASKS, 1)
        expect(id not in tasks, "a stage is there twice")
        tasks[id] = count
        given[id] = [[] for _ in range(count)]
    stages = []
    for item in listed(plan, "stages", MAX_STAGES):
        id, count = number(item, "id", MAX_STAGES), number(item, "tasks", MAX_TASKS, 1)
        expect(id not in tasks, "a stage is there twice")
        reads = reads_of(item, "reads", tasks)
        text, exchange = item.get("text"), item.get("exchange")
        expect(isinstance(text, str), "a stage has no text")
        expect(exchange in EXCHANGES, "a stage's exchange is unknown")
        receivers = number(item, "receivers", MAX_TASKS, 1)
        groups = Groups(receivers, number(item, "objects", receivers, 1))
        tasks[id] = count
        stages.append(Stage(id, count, reads, text, exchange, groups))
    root = reads_of(plan, "root", tasks)
    by_id = {stage.id: stage for stage in stages}
    for read in root:
        stage = by_id.get(read[0])
        expect(stage is None or stage.exchange == "store", "the last stage reads only from the object store")
    for kind, (stage, sender, receiver), checksum, data in frames:
        expect(kind == BLOCK, "after the plan come blocks only")
        expect(stage in given and sender < len(given[stage]), "a block is of no stage that comes along")
        expect(zlib.crc32(data) == checksum, "a block is damaged")
        given[stage][sender].append((receiver, checksum, data))
    return Plan(stages, given, root, plan.get("analyze") is True)


def reads_of(item, name, tasks):
    reads = []
    for read in listed(item, name, MAX_STAGES):
        stage = number(read, "stage", MAX_STAGES)
        expect(stage in tasks, "a stage reads one that does not come before it")
        expect(number(read, "senders", MAX_TASKS, 1) == tasks[stage], "a stage reads another number of tasks")
        expect(read.get("part") in PARTS, "a stage reads an unknown part")
        reads.append((stage, read["part"]))
    return reads


def listed(item, name, most):
    value = item.get(name)
    expect(isinstance(value, list) and len(value) <= most, f"'{name}' is not a list of at most {most}")
    expect(all(isinstance(v, dict) for v in value), f"'{name}' is not a list of objects")
    return value


def number(item, name, most, least=0):
    value = item.get(name)
    # A bool is an int too.
    expect(type(value) is int and least <= value <= most, f"'{name}' is not a number from {least} to {most}")
    return value


def expect(condition, why):
    if not condition:
        raise Refused(400, why)
