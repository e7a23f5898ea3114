"""Calls of libraries that wait without `await`, each told on its line, and no other."""

from marked import marks, told

CAUSES = (
    "performance/blocking-call-in-async-endpoint",
    "database/sync-session-in-async-endpoint",
    "performance/coroutine-not-awaited",
)
SOURCE = """
### tasks.py
import dramatiq
from celery import Celery, shared_task

celery = Celery("tasks", broker="redis://localhost")


@celery.task
def send(address: str): ...


@shared_task(bind=True)
def tidy(self): ...


@dramatiq.actor
def shrink(name: str): ...


def plain(): ...


### jobs.py
from fastapi import FastAPI
from tasks import celery, plain, send, shrink, tidy

app = FastAPI()


@app.post("/jobs")
async def start(address: str):
    send.delay(address)  # told: performance/blocking-call-in-async-endpoint
    send.apply_async(args=[address])  # told: performance/blocking-call-in-async-endpoint
    tidy.s().delay()  # told: performance/blocking-call-in-async-endpoint
    shrink.send(address)  # told: performance/blocking-call-in-async-endpoint
    celery.send_task("other")  # told: performance/blocking-call-in-async-endpoint
    send.delay(address).get(timeout=5)  # told: performance/blocking-call-in-async-endpoint
    send.s(address)
    plain.delay()


@app.post("/threads")
def start_in_thread(address: str):
    send.delay(address)


### mongo.py
from fastapi import FastAPI

app = FastAPI()



from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import MongoClient
from pymongo.database import Database

client = MongoClient()
users = client["shop"].users
other = AsyncIOMotorClient()["shop"].users


@app.get("/users")
async def read(name: str, db: Database):
    found = users.find_one({"name": name})  # told: database/sync-session-in-async-endpoint
    everybody = list(client.shop["users"].find({}))  # told: database/sync-session-in-async-endpoint
    db["users"].insert_one(found)  # told: database/sync-session-in-async-endpoint
    await other.insert_one(found)
    found.update({"name": name})
    return everybody


### fire.py
from fastapi import FastAPI

app = FastAPI()



import firebase_admin.firestore
from google.cloud import firestore

db = firestore.Client()
same = firebase_admin.firestore.client()
other = firestore.AsyncClient()


@app.get("/documents")
async def read():
    found = db.collection("a").document("b").get()  # told: database/sync-session-in-async-endpoint
    rows = [row for row in same.collection("a").where("b", "==", 1).stream()]  # told: database/sync-session-in-async-endpoint
    batch = db.batch()
    batch.set(db.collection("a").document("b"), {})
    batch.commit()  # told: database/sync-session-in-async-endpoint
    await other.collection("a").document("b").get()
    return found.to_dict().get("name"), rows


### pee.py
from fastapi import FastAPI

app = FastAPI()



from peewee import CharField, Model, SqliteDatabase


class User(Model):
    name = CharField()

    class Meta:
        database = SqliteDatabase("a.db")


@app.get("/people")
async def read(number: int):
    one = User.get_by_id(number)  # told: database/sync-session-in-async-endpoint
    one.save()  # told: database/sync-session-in-async-endpoint
    for user in User.select().where(User.name == "a"):  # told: database/sync-session-in-async-endpoint
        print(user)
    query = User.select()
    return query.where(User.name == "b").count()  # told: database/sync-session-in-async-endpoint


@app.get("/people/later")
def later():
    return list(User.select())


### stores.py
from fastapi import FastAPI

app = FastAPI()



import boto3
import cloudinary.uploader
from azure.storage.blob import BlobServiceClient
from azure.storage.blob.aio import BlobServiceClient as Other

table = boto3.resource("dynamodb").Table("items")
blobs = BlobServiceClient.from_connection_string("a")
others = Other.from_connection_string("a")


@app.post("/files")
async def store(data: bytes):
    table.put_item(Item={})  # told: performance/blocking-call-in-async-endpoint
    cloudinary.uploader.upload(data)  # told: performance/blocking-call-in-async-endpoint
    blobs.get_blob_client("a", "b").upload_blob(data)  # told: performance/blocking-call-in-async-endpoint
    await others.get_blob_client("a", "b").upload_blob(data)


### coroutines.py
from fastapi import FastAPI

app = FastAPI()



from beanie import Document
from tortoise.models import Model


class Page(Document):
    name: str


class Row(Model):
    pass


@app.post("/pages")
async def store(name: str):
    page = Page(name=name)
    page.insert()  # told: performance/coroutine-not-awaited
    Row.create(name=name)  # told: performance/coroutine-not-awaited
    await page.save()
    rows = Row.filter(name=name)
    return await rows.all(), await Page.find_all().to_list()
"""


def test_each_call_that_waits_is_told_and_no_other(tmp_path, catalog):
    assert told(SOURCE, tmp_path, catalog, CAUSES) == marks(SOURCE)
