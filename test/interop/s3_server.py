"""An S3 server on the loopback interface that checks credentials, until standard input ends.

It has one bucket, `recordings`, and two users: the writer may do everything in S3, the stranger nothing.
Prints one line of JSON: {endpoint, writer, stranger}, the users with the names of spikeport's options.
"""

import json
import os
import sys
import threading
from urllib.request import Request, urlopen

import boto3
from moto.server import ThreadedMotoServer

LIFETIME_S = 600

EVERYTHING_IN_S3 = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}],
}


def set_up(endpoint: str) -> dict:
    client_options = {
        "endpoint_url": endpoint,
        "region_name": "us-east-1",
        "aws_access_key_id": "setup",
        "aws_secret_access_key": "setup",
    }
    boto3.client("s3", **client_options).create_bucket(Bucket="recordings")
    iam = boto3.client("iam", **client_options)
    users = {"writer": add_user(iam, "writer"), "stranger": add_user(iam, "stranger")}
    iam.put_user_policy(
        UserName="writer", PolicyName="s3", PolicyDocument=json.dumps(EVERYTHING_IN_S3)
    )
    # From here on the server authorizes every request.
    text = {"Content-Type": "text/plain"}
    urlopen(Request(f"{endpoint}/moto-api/reset-auth", b"0", text)).close()
    return users


def add_user(iam, name: str) -> dict:
    iam.create_user(UserName=name)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return {
        "awsAccessKeyId": key["AccessKeyId"],
        "awsSecretAccessKey": key["SecretAccessKey"],
    }


def main() -> None:
    watchdog = threading.Timer(LIFETIME_S, os._exit, [1])
    watchdog.daemon = True
    watchdog.start()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        endpoint = f"http://127.0.0.1:{server.get_host_and_port()[1]}"
        print(json.dumps({"endpoint": endpoint, **set_up(endpoint)}), flush=True)
        sys.stdin.read()
    finally:
        server.stop()


if __name__ == "__main__":
    main()
