"""A small HTTP server on asyncio and clients that ask it, on the loopback interface."""

import asyncio
import hashlib
import json
import urllib.parse


async def read_request(reader):
    line = await reader.readline()
    if not line:
        return None
    method, target, _ = line.decode().split(" ")
    headers = {}
    while (line := await reader.readline()) not in (b"\r\n", b""):
        name, _, value = line.decode().partition(":")
        headers[name.strip().lower()] = value.strip()
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return method, urllib.parse.urlsplit(target), headers, body


def answer(method, url, headers, body):
    query = dict(urllib.parse.parse_qsl(url.query))
    match method, url.path.strip("/").split("/"):
        case "GET", ["sum", n]:
            return 200, {"sum": sum(i * i for i in range(int(n)))}
        case "GET", ["query"]:
            return 200, dict(sorted(query.items()))
        case "POST", ["hash"]:
            return 200, {"sha": hashlib.sha256(body).hexdigest(), "length": len(body)}
        case "POST", ["json"]:
            return 200, {"keys": sorted(json.loads(body))}
        case _:
            return 404, {"error": url.path}


async def serve(reader, writer):
    try:
        while request := await read_request(reader):
            try:
                status, data = answer(*request)
            except ValueError as error:
                status, data = 400, {"error": str(error)}
            body = json.dumps(data).encode()
            writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
            await writer.drain()
    finally:
        writer.close()


async def client(port, requests):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answers = []
    for method, target, body in requests:
        writer.write(f"{method} {target} HTTP/1.1\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        status = int((await reader.readline()).split()[1])
        length = 0
        while (line := await reader.readline()) != b"\r\n":
            length = int(line.split(b":")[1])
        answers.append((status, json.loads(await reader.readexactly(length))))
    writer.close()
    return answers


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    kinds = [
        ("GET", "/sum/{n}", b""),
        ("GET", "/query?a={n}&b=x%20y", b""),
        ("POST", "/hash", b"body"),
        ("POST", "/json", b'{"k": 1, "a": 2}'),
        ("POST", "/json", b"{bad"),
        ("GET", "/none", b""),
    ]
    work = [
        [(m, t.format(n=c * 10 + k), b * (1 if b[:1] == b"{" else k + 1)) for k in range(20) for m, t, b in kinds]
        for c in range(6)
    ]
    async with server:
        for number, answers in enumerate(await asyncio.gather(*(client(port, requests) for requests in work))):
            print(number, len(answers), answers[0], answers[-6:], sum(status for status, _ in answers))


asyncio.run(main())
